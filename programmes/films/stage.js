// Turns a story into pictures: at any second, who stands where, what the camera sees and which words are said.
// A story is a list of shots. A shot names its place, its people with their moves, the camera and its words; the
// words set how long it lasts. Captions and transcript are read from the same list, so they cannot differ.
"use strict";

const FILMS = {};
const NAMES = { sam: "Sam", jo: "Jo", maya: "Maya", dev: "Dev", ruth: "Ruth", isaac: "Isaac", teacher: "Teacher", carys: "Carys", tunde: "Tunde", joss: "Joss", ella: "Ella", kim: "Kim", pat: "Pat", noor: "Noor" };
const FADE = 0.6;
const smooth = (v) => { const t = clamp(v); return t * t * (3 - 2 * t); };

// ---------------------------------------------------------------- time
// Words stay long enough to be read at 14 letters a second, and a breath more.
const spoken = (who, words) => (who ? `${NAMES[who] || who}: ${words}` : words);
const readingTime = (text) => Math.max(2, text.length / 14 + 0.7);
function film(slug, story) {
  let begins = 0;
  for (const shot of story.shots) {
    let clock = shot.from ?? 0.8;
    shot.cues = (shot.says || []).map(([who, words, more = {}]) => {
      const start = clock + (more.wait || 0), text = spoken(who, words), end = start + readingTime(text);
      clock = end + 0.2;
      return { who, text, start, end, loud: more.loud || 0 };
    });
    const last = shot.cues.length ? shot.cues[shot.cues.length - 1].end : 0;
    shot.d = Math.max(shot.d || 0, last + (shot.rest ?? 0.8));
    shot.begins = begins;
    begins += shot.d;
  }
  story.length = begins + 0.6;
  FILMS[slug] = story;
}
const captionsOf = (slug) =>
  FILMS[slug].shots.flatMap((shot) => shot.cues.map((cue) => ({ text: cue.text, start: shot.begins + cue.start, end: shot.begins + cue.end })));

// "@1+0.5" is half a second after the second words of the shot begin; "1!" is when they end.
const when = (shot, moment) => {
  if (typeof moment === "number") return moment;
  const [, nth, ended, more] = moment.match(/^@(\d+)(!?)([+-][\d.]+)?$/);
  return shot.cues[nth][ended ? "end" : "start"] + Number(more || 0);
};
const track = (shot, keys, t) => {
  const list = keys.map(([moment, ...values]) => [when(shot, moment), ...values]);
  let i = list.findIndex(([start]) => start > t);
  if (i === 0) return list[0].slice(1);
  if (i < 0) return list[list.length - 1].slice(1);
  const [a, b] = [list[i - 1], list[i]], k = smooth((t - a[0]) / (b[0] - a[0]));
  return a.slice(1).map((v, j) => lerp(v, b[j + 1], k));
};

// ---------------------------------------------------------------- people in time
const asHand = (v) => (typeof v === "string" ? HANDS[v] : v);
const still = (shot, actor, t) => {
  const { moves = [], ...base } = actor;
  const p = { ...CAST[actor.who], front: "rest", rear: "back", nod: 0, lean: 0, face: 1, ...base };
  p.front = asHand(p.front);
  p.rear = asHand(p.rear);
  for (const [moment, to, takes = 0.7] of moves) {
    const start = when(shot, moment);
    if (t < start) continue;
    const k = smooth((t - start) / takes);
    for (const [name, value] of Object.entries(to)) {
      if (name === "front" || name === "rear") p[name] = mix(p[name], asHand(value), k);
      else if (typeof value === "number" && typeof p[name] === "number") p[name] = lerp(p[name], value, k);
      else p[name] = value;
    }
  }
  return p;
};
const alive = (shot, actor, t, seed) => {
  const p = still(shot, actor, t), soon = still(shot, actor, t + 0.06), ago = still(shot, actor, t - 0.06);
  const speed = Math.hypot(soon.x - ago.x, soon.y - ago.y) / 0.12 / p.s;
  if (!p.sit && !p.kneel) {
    p.step = p.step || clamp(speed / 90) * 0.85;
    p.phase = ((p.x + (p.climb ? -p.y : 0)) / p.s / (26 + 20 * (p.age ?? 1))) * Math.PI * (p.age === undefined || p.age > 0.6 ? 0.62 : 0.8);
  }
  p.breath = Math.sin(t * 1.9 + seed * 2.1) * 0.7 + p.step * 1.2 * Math.abs(Math.cos(p.phase || 0)) || 0;
  if (Math.abs(p.face) < 0.4) p.face = p.face < 0 ? -0.4 : 0.4; // somebody who turns is never as thin as a line
  const cue = shot.cues.find((c) => c.who === actor.who && t >= c.start && t < c.end);
  if (cue) {
    const much = Math.min(smooth((t - cue.start) / 0.4), smooth((cue.end - t) / 0.4)) * (0.7 + cue.loud * 0.6);
    const arm = actor.gesture || "front";
    if (arm !== "none") {
      const at = p[arm], aim = at[1] > 0.8 ? [at[0] + 0.4, 0.55 - cue.loud * 0.25] : at;
      p[arm] = mix(at, [aim[0] + Math.sin(t * 3.3) * 0.08, aim[1] + Math.cos(t * 2.6) * 0.1], Math.min(1, much));
    }
    p.nod += Math.sin(t * 4.1) * 2.2 * much;
    p.lean += Math.sin(t * 2.2) * 0.8 * much;
    p.says = { much, loud: cue.loud };
  }
  return p;
};

// ---------------------------------------------------------------- the picture
const LAYERS = ["inside", "back", "main", "near"];
function drawShot(shot, t) {
  if (shot.paint) return framed(shot, t, shot.paint(t, shot));
  const drawn = Object.fromEntries(LAYERS.map((layer) => [layer, ""]));
  let arms = "", voices = "";
  (shot.people || []).forEach((actor, i) => {
    const p = alive(shot, actor, t, i + 1), layer = p.layer || "main";
    if (p.hidden) return;
    if (p.table) {
      drawn[layer] += person({ ...p, part: "body" });
      arms += person({ ...p, part: "arms" });
    } else drawn[layer] += person(p);
    if (p.says && p.says.much > 0.15 && !p.quiet) voices += voice(p, t, p.says.loud);
  });
  const set = typeof shot.set === "function" ? shot.set(t, shot) : shot.set || {};
  const place = PLACES[shot.place]({ t, ...set, inside: (set.inside || "") + drawn.inside });
  const extra = (name) => (shot[name] ? shot[name](t, shot) : "");
  const body =
    place.back + extra("under") + (shot.place === "hall" ? "" : drawn.inside) + extra("behind") + (place.seat && !place.seatFront ? place.seat : "") + drawn.back +
    (place.ground || "") + place.front + (shot.arms === "late" ? "" : arms) + drawn.main + (shot.arms === "late" ? arms : "") + extra("before") + (place.over || "") + drawn.near + voices;
  return framed(shot, t, body) + extra("glass");
}
const framed = (shot, t, body) => {
  const [cx, cy, z] = track(shot, shot.cam || [[0, 480, 270, 1]], t);
  const [mx, my] = [480 / z, 270 / z], x = clamp(cx, mx, 960 - mx), y = clamp(cy, my, 540 - my);
  const dark = shot.shade ? track(shot, shot.shade, t)[0] : 0;
  return `<g transform="translate(480 270) scale(${Math.round(z * 1000) / 1000}) translate(${n(-x)} ${n(-y)})">${body}</g>` + (dark > 0.01 ? rect(0, 0, 960, 540, C.night, 0, dim(dark)) : "");
};
function frame(slug, t) {
  const { shots } = FILMS[slug];
  let i = shots.findIndex((shot) => t < shot.begins + shot.d);
  if (i < 0) i = shots.length - 1;
  const now = t - shots[i].begins, fresh = i > 0 ? smooth(now / FADE) : 1;
  const under = fresh < 1 ? drawShot(shots[i - 1], shots[i - 1].d + now) : "";
  return under + (fresh < 1 ? `<g opacity="${n2(fresh)}">${drawShot(shots[i], now)}</g>` : drawShot(shots[i], now));
}
function show(slug, t) {
  const drawn = frame(slug, t), stage = document.querySelector("#stage");
  if (stage.dataset.drawn === drawn) return false;
  stage.dataset.drawn = drawn;
  stage.innerHTML = drawn;
  return true;
}

// ---------------------------------------------------------------- cards
const words = (x, y, size, text, fill, more = "") => `<text x="${x}" y="${y}" font-size="${size}" fill="${fill}"${more}>${text}</text>`;
const HEAVY = ` font-family="Head" font-weight="700"`, PLAIN = ` font-family="Body"`, MIDDLE = ` text-anchor="middle"`;
const hills = (low, high) => path("M0 424C160 366 330 404 480 414S780 400 960 356V540H0z", low) + at(250, 424, 0.72, archHouse(0, 0, 1)) + at(706, 410, 0.72, gableHouse(0, 0, 1)) + path("M0 462C180 410 340 446 500 456S800 452 960 416V540H0z", high);
const card = (title, under, { rewind = 0, says = title, d = 3.4 } = {}) => ({
  d,
  from: 0.3,
  rest: 0.3,
  says: [["", `[${says}]`]],
  paint: (t) => {
    const arrow = rewind ? at(480, 118, 1, disc(0, 0, 38, C.pine), `<g transform="rotate(${n(-360 * smooth((t - 0.3) / 1.6))})">${line("M-14-9A17 17 0 1 1-16 6", C.card, 5)}${path("M-24-14l19 1-9 16z", C.card)}</g>`) : "";
    return rect(0, 0, 960, 540, rewind ? C.pine0 : C.bl0) + disc(480, 398, 84, C.bl2, dim(0.7)) + hills(C.fern, C.moss) + arrow + words(480, rewind ? 226 : 206, 62, title, C.pineD, HEAVY + MIDDLE) + words(480, rewind ? 278 : 262, 30, under, C.ink, PLAIN + MIDDLE);
  },
});
const closing = (small, large, lines, says) => ({
  d: 5,
  from: 0.5,
  rest: 1.2,
  says: [["", `[${says}]`]],
  paint: (t) => rect(0, 0, 960, 540, C.pine) + `<g opacity=".22" transform="translate(0 52)">${hills(C.moss, C.pineD)}</g>` + words(480, 128, 28, small, C.pine1, PLAIN + MIDDLE) + words(480, 196, 66, large, C.card, HEAVY + MIDDLE) + lines.map((text, i) => `<g opacity="${n2(smooth((t - 0.7 - i * 0.5) / 0.6))}">${words(480, 262 + i * 44, 31, text, C.amb1, PLAIN + MIDDLE)}</g>`).join(""),
});
const asking = (large, under, says) => ({
  d: 4.4,
  from: 0.5,
  rest: 1,
  says: [["", `[${says}]`]],
  paint: () => rect(0, 0, 960, 540, C.bl0) + path("M0 470C180 430 340 456 500 464S800 460 960 430V540H0z", C.bl2) + words(480, 232, 58, large, C.pineD, HEAVY + MIDDLE) + words(480, 288, 30, under, C.ink, PLAIN + MIDDLE),
});
// Voices that go over a child's head: wide arcs from both sides.
const voicesAbove = (t, left, right, y, much = 1, reach = 150) => {
  let out = "";
  for (const [x, side, shift] of [[left, 1, 0], [right, -1, 0.5]])
    for (let i = 0; i < 3; i++) {
      const age = (t * 0.55 + i / 3 + shift) % 1, r = 14 + age * reach;
      out += line(`M${n(x + side * r * 0.94)} ${n(y - r * 0.34)}A${n(r)} ${n(r)} 0 0 ${side > 0 ? 1 : 0} ${n(x + side * r * 0.94)} ${n(y + r * 0.34)}`, C.clay, 3 + age * 2, dim(Math.sin(age * Math.PI) * 0.55 * much));
    }
  return out;
};

// ---------------------------------------------------------------- near views
// Two places side by side: a telephone call, or two homes.
const sideBySide = (left, right) => (t, shot) => {
  const half = (part, x, see) => {
    const view = { ...part, cues: shot.cues, begins: 0 };
    return `<svg x="${x}" y="0" width="476" height="540" viewBox="${see} 0 476 540">${drawShot(view, t)}</svg>`;
  };
  return rect(0, 0, 960, 540, C.paper) + half(left, 0, left.see ?? 242) + half(right, 484, right.see ?? 242);
};
// A telephone in the hand. said: [moment, "me" or "them", lines]. draft: { at, lines, gone }: words that are typed.
const phoneInHand = ({ name, time, night = 0, said = [], draft = null, thumb = null }) => (t, shot) => {
  const ground = night ? "#2f2b5e" : C.bl0, screen = night ? "#242a45" : C.card, skin = CAST.kim.skin, ink = night ? C.paper : C.ink;
  let y = 132, out = "";
  for (const [moment, from, lines] of said) {
    const shown = smooth((t - when(shot, moment)) / 0.5);
    if (!shown) continue;
    const w = Math.max(...lines.map((text) => text.length)) * 12.1 + 34, h = lines.length * 31 + 20, x = from === "me" ? 690 - w : 270;
    out += `<g opacity="${n2(shown)}" transform="translate(0 ${n((1 - shown) * 14)})">${rect(x, y, w, h, from === "me" ? C.pine : night ? "#4a5170" : C.dusk1, 16)}${lines.map((text, i) => words(x + 17, y + 33 + i * 31, 24, text, from === "me" || night ? C.card : C.ink, PLAIN)).join("")}</g>`;
    y += (h + 10) * shown;
  }
  if (draft) {
    const start = when(shot, draft.at), letters = Math.floor((t - start) * 13);
    let left = letters;
    const typed = draft.lines.map((text) => { const part = text.slice(0, clamp(left, 0, text.length)); left -= text.length; return part; });
    const sent = draft.sent ? smooth((t - when(shot, draft.sent)) / 0.5) : 0, faded = draft.rests ? smooth((t - when(shot, draft.rests)) / 1.2) : 0;
    const h = draft.lines.length * 31 + 20, w = Math.max(...draft.lines.map((text) => text.length)) * 12.1 + 34, top = lerp(Math.max(y + 34, 262), y, sent), x = lerp(280, 690 - w, sent);
    if (t > start) out += `<g opacity="${n2(1 - faded * 0.55)}">${rect(x, top, w, h, sent > 0.5 ? C.clay : night ? "#343b58" : C.sand, 16, sent > 0.5 ? "" : ` stroke="${C.pine3}" stroke-width="2" stroke-dasharray="7 6"`)}${typed.map((text, i) => words(x + 17, top + 33 + i * 31, 24, text, ink, PLAIN)).join("")}</g>`;
    const bx = 664, by = top + h + 40;
    if (t > start && sent < 0.5) out += `<g opacity="${n2(1 - faded * 0.5)}">${disc(bx, by, 22, night ? "#5f9a86" : C.pine)}${path(`M${bx - 9} ${by - 9}L${bx + 12} ${by}L${bx - 9} ${by + 9}l4-9z`, C.card)}</g>`;
  }
  const [px, py] = thumb ? track(shot, thumb, t) : [700, 470];
  return (
    rect(0, 0, 960, 540, ground) + (night ? disc(480, 250, 330, "#3d3975") + disc(480, 250, 250, "#4a4684") : disc(480, 250, 330, C.bl1)) +
    [300, 352, 404].map((fy) => rect(690, fy, 52, 40, skin, 20)).join("") + rect(240, 26, 480, 620, C.ink, 40) + rect(254, 40, 452, 600, screen, 28) + rect(254, 40, 452, 66, night ? "#303756" : C.pine0, 0) +
    disc(296, 73, 21, C.amb3) + words(296, 81, 23, name[0], C.amb, HEAVY + MIDDLE) + words(330, 82, 26, name, ink, HEAVY) + words(688, 81, 20, time, ink, PLAIN + ` text-anchor="end"`) + out +
    line("M196 600Q204 480 262 396", skin, 50) + path("M150 560h100v40H150z", skin) +
    line(`M${n(px + 190)} 700L${n(px + 150)} ${n(py + 190)}`, CAST.kim.top, 120) + disc(px + 124, py + 150, 58, skin) + line(`M${n(px + 100)} ${n(py + 130)}L${n(px)} ${n(py)}`, skin, 40)
  );
};
