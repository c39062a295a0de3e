// Shapes of our own, as SVG text: people, homes, trees and the things they hold. Flat paper shapes; faces have no
// features, so a parent can see themselves and a pose says what somebody feels.
"use strict";

const C = {
  paper: "#faf7f3", card: "#ffffff", sand: "#f2ece3", sand2: "#e4d9ca", ink: "#1d2b29", pine: "#17524b",
  pineD: "#0d3833", pine3: "#8ebcae", pine1: "#d9eae3", pine0: "#edf5f1", coral: "#d4644a", bl2: "#f5cfbd",
  bl1: "#fae2d6", bl0: "#fdf1ea", dusk: "#4a4391", duskD: "#3b3578", dusk3: "#aaa3dc", dusk1: "#e6e3f6",
  amb: "#7c4a03", amb2: "#b98226", amb3: "#efbd68", amb1: "#fdecca", moss: "#5f9a86", fern: "#b9d6c9",
  clay: "#b5533c", wood: "#b98c62", wood2: "#9c7350", wood3: "#7d5638", night: "#2b2858",
  s1: "#8a5a3c", s2: "#e3b08f", s3: "#b57d56", s4: "#f0c9ad", s5: "#5f3b28",
  h1: "#2b1c18", h2: "#7a4a2a", h3: "#463029", h4: "#c98a4b", h5: "#9d4f2c", h6: "#8f8a85",
};
let FINE = 10; // places kept in a number: tenths in a film, whole units in a still scene
const n = (v) => Math.round(v * FINE) / FINE;
const n2 = (v) => Math.round(v * 100) / 100;
const lerp = (a, b, t) => a + (b - a) * t;
const clamp = (v, a = 0, b = 1) => Math.min(b, Math.max(a, v));
const at = (x, y, s, ...body) =>
  `<g transform="translate(${n(x)} ${n(y)})${s === 1 ? "" : ` scale(${n2(s)})`}">${body.join("")}</g>`;
const path = (d, fill, more = "") => `<path d="${d}" fill="${fill}"${more}/>`;
const rect = (x, y, w, h, fill, r = 0, more = "") =>
  `<rect x="${n(x)}" y="${n(y)}" width="${n(w)}" height="${n(h)}"${r ? ` rx="${r}"` : ""} fill="${fill}"${more}/>`;
const disc = (x, y, r, fill, more = "") => `<circle cx="${n(x)}" cy="${n(y)}" r="${n(r)}" fill="${fill}"${more}/>`;
const oval = (x, y, rx, ry, fill, more = "") =>
  `<ellipse cx="${n(x)}" cy="${n(y)}" rx="${n(rx)}" ry="${n(ry)}" fill="${fill}"${more}/>`;
const line = (d, stroke, w, more = "") =>
  `<path d="${d}" fill="none" stroke="${stroke}" stroke-width="${n(w)}" stroke-linecap="round" stroke-linejoin="round"${more}/>`;
const dim = (o) => ` opacity="${n2(o)}"`;

// ---------------------------------------------------------------- hair: what is behind the head, and what is on it
const HAIR = {
  side: "M-20 2c-3-17 7-27 21-27 14 0 22 10 20 26-4-3-6-7-7-12-7 5-15 6-22 4 1 7-2 11-5 14-3 0-6-2-7-5z",
  front: "M-20 2c-3-17 7-27 20-27s23 10 20 27c-4-3-6-7-7-12-9 4-17 4-26 0-1 5-3 9-7 12z",
  crop: "M-20 0c-2-15 7-24 21-24 13 0 21 8 20 20-3-1-5-4-6-8-8 4-17 4-25 1 0 5-2 9-4 12-3 0-5-1-6-1z",
  beard: "M-9 8c0 14 8 17 16 16 9-1 14-9 14-20-4 5-9 6-14 6-6 0-11 0-16-2z",
};
const hairOf = (style, hair, skin, view) => {
  const cap = path(view === "front" ? HAIR.front : HAIR.side, hair);
  const curl = [[-19, -6, 11], [-14, -18, 12], [0, -23, 12], [13, -18, 11], [-20, 6, 9]];
  const styles = {
    short: ["", cap],
    crop: ["", path(HAIR.crop, hair)],
    beard: ["", path(HAIR.crop, hair) + path(HAIR.beard, hair)],
    bun: [disc(-15, -21, 9.5, hair), cap],
    bob: [path("M-22-6c-4 14-4 24-1 31 8 4 18 3 22-2l2-28z", hair), cap],
    long: [path("M-21-6c-5 20-8 36-4 48 8 6 21 4 26-2-4-13-3-30-1-46z", hair), cap],
    plait: [line("M-17-4C-29 2-29 16-24 25", hair, 8) + disc(-23.5, 28, 4, C.coral), cap],
    curls: [curl.map(([x, y, r]) => disc(x, y, r, hair)).join(""), path(HAIR.crop, hair)],
    scarf: [
      path("M-23 4c-3-18 7-31 22-31s25 12 22 30c-1 10-3 15-6 20 5 6 8 10 8 14h-46c0-7 3-11 7-14-4-5-6-11-7-19z", hair),
      oval(4, 2, 15, 17, skin),
    ],
  };
  if (view !== "back") return styles[style] || styles.short;
  const cover = disc(0, -1, 21.5, hair);
  const more = {
    bun: disc(0, -22, 10, hair),
    plait: line("M2 8C-4 20 4 26 0 36", hair, 9) + disc(0, 39, 4.5, C.coral),
    long: path("M-21-6c-4 18-5 34-3 44 12 6 36 6 48 0 2-12 1-28-3-44z", hair),
    bob: path("M-22-6c-4 14-3 22-1 28 12 6 34 6 46 0 2-8 3-16-1-28z", hair),
    curls: [...curl, [20, 6, 9], [20, -6, 11]].map(([x, y, r]) => disc(x, y, r, hair)).join(""),
    scarf: path("M-23 4c-3-18 7-31 23-31s26 13 23 31c-1 9-2 14-5 19 5 6 8 10 8 14h-52c0-4 3-8 8-14-3-5-4-10-5-19z", hair),
  };
  const ears = "short crop beard bun".includes(style) ? disc(-20.5, 3, 4.5, skin) + disc(20.5, 3, 4.5, skin) : "";
  return [ears, cover + (more[style] || "")];
};
const head = (p) => {
  const [behind, on] = hairOf(p.style, p.hair, p.skin, p.view);
  const face = p.style === "scarf" || p.view === "back" ? "" : disc(0, 0, 20, p.skin);
  return behind + face + on;
};

// ---------------------------------------------------------------- people
// Where a hand is, from the shoulder, in lengths of an arm: forwards, down.
const HANDS = {
  rest: [0.1, 0.94], back: [-0.16, 0.93], open: [0.66, 0.3], offer: [0.8, 0.42], point: [0.93, 0.02],
  raised: [0.62, -0.3], wave: [0.5, -0.72], hips: [-0.1, 0.6], chest: [0.12, 0.28], hold: [0.42, 0.5],
  ear: [-0.29, -0.41], read: [0.46, 0.24], table: [0.72, 0.46], cross: [-0.3, 0.36], head: [0.08, -0.42],
  strap: [0.0, 0.22], door: [0.9, 0.1], lap: [0.42, 0.62], brow: [0.3, -0.55], rail: [0.6, 0.25],
};
const CHILD = { hr: 18.5, hy: -92, top: -75, w: 16.5, hem: -28, hip: -34, lw: 13, lx: 6, aw: 11, al: 20, c: 13, hand: 6, shoe: 0.78 };
const ADULT = { hr: 20, hy: -181, top: -153, w: 25, hem: -68, hip: -80, lw: 18, lx: 9, aw: 15, al: 38, c: 20, hand: 8, shoe: 1 };
const bodyOf = (age) => Object.fromEntries(Object.keys(CHILD).map((k) => [k, lerp(CHILD[k], ADULT[k], age)]));
const mix = (a, b, t) => [lerp(a[0], b[0], t), lerp(a[1], b[1], t)];
const turned = ([x, y], degrees, [ox, oy]) => {
  const a = (degrees * Math.PI) / 180, dx = x - ox, dy = y - oy;
  return [ox + dx * Math.cos(a) - dy * Math.sin(a), oy + dx * Math.sin(a) + dy * Math.cos(a)];
};
const handAt = (shoulder, hand, length) => {
  const [dx, dy] = typeof hand === "string" ? HANDS[hand] : hand;
  const far = Math.hypot(dx, dy), k = far > 0.985 ? 0.985 / far : 1;
  return [shoulder[0] + dx * k * length * 2, shoulder[1] + dy * k * length * 2];
};
const limb = (from, to, length, colour, width) => {
  const dx = to[0] - from[0], dy = to[1] - from[1], d = Math.max(1, Math.hypot(dx, dy));
  const out = Math.sqrt(Math.max(0, length * length - (d * d) / 4));
  const mid = mix(from, to, 0.5);
  const bends = [-1, 1].map((k) => [mid[0] + (k * out * -dy) / d, mid[1] + (k * out * dx) / d]);
  const elbow = bends.sort((a, b) => b[1] - 0.7 * b[0] - (a[1] - 0.7 * a[0]))[0];
  const [a, b] = [mix(from, elbow, 0.82), mix(to, elbow, 0.82)];
  return line(`M${n(from[0])} ${n(from[1])}C${[...a, ...b, ...to].map(n).join(" ")}`, colour, width);
};
const shoeAt = (x, y, k, colour, tilt = 0) =>
  `<path transform="translate(${n(x)} ${n(y)}) rotate(${n(tilt)}) scale(${n2(k)})" d="M-10 0c0-7 4-10 9-10h3c8 0 13 4 14 10z" fill="${colour}"/>`;

// Things in a hand, drawn around the hand.
const THINGS = {
  phone: (on) => rect(-7.5, -23.5, 18, 30, C.pine3, 4) + rect(-6, -22, 15, 27, C.ink, 3) + (on ? rect(-4, -20, 11, 23, on, 2) : ""),
  paper: () => `<g transform="rotate(-8)">${rect(-6, -34, 34, 44, C.card, 2)}${line("M0-26h20M0-18h20M0-10h13", C.pine3, 2.5)}</g>`,
  drawing: () =>
    `<g transform="rotate(-5)">${rect(-8, -40, 52, 44, C.card, 2)}${rect(-8, -8, 52, 12, C.fern, 1)}${path("M-2-8v-11l8-7 8 7v11z", C.amb3)}${path("M24-8v-13a7 7 0 0 1 14 0v13z", C.dusk3)}${disc(18, -30, 5, C.coral)}</g>`,
  pen: () => line("M-3-5L7 8", C.coral, 4),
  mug: () => path("M-6-14h16v18h-16zM10-9h5a5 5 0 0 1 0 10h-5", C.pine),
  bag: () => path("M-10-2c0-9 24-9 24 0", "none", ` stroke="${C.amb}" stroke-width="4"`) + rect(-20, 0, 44, 32, C.pine3, 8) + rect(-20, 12, 44, 6, C.card, 0, dim(0.4)),
  book: () => `<g transform="rotate(-10)">${rect(-6, -22, 26, 32, C.dusk, 2)}${rect(-2, -16, 14, 5, C.dusk3, 1)}</g>`,
  umbrella: () => line("M0 8V-88", C.ink, 4) + path("M-78-84c4-50 40-74 78-74s74 24 78 74c-8-10-18-10-26 0-8-10-18-10-26 0-8-10-18-10-26 0-8-10-18-10-26 0-8-10-18-10-26 0-8-10-18-10-26 0z", C.clay),
  bear: () => disc(4, 0, 8, C.h4) + disc(-1, -8, 3, C.h4) + disc(9, -8, 3, C.h4) + oval(4, 13, 7, 9, C.h4),
};

function person(p) {
  const b = bodyOf(p.age ?? 1), face = p.face ?? 1, lean = p.lean || 0;
  const seat = p.sit ? p.seat || 62 : p.kneel ? 46 : -b.hip;
  const down = -b.hip - seat - (p.breath || 0); // how far the upper body sinks when sitting
  const hip = [0, -seat], k = b.lw / 18, legs = p.legs || C.ink, shoe = p.shoe || C.ink;
  const leg = (hx, knee, foot, tilt = 0) =>
    line(`M${n(hx)} ${n(-seat)}Q${knee.map(n).join(" ")} ${n(foot[0])} ${n(foot[1] - 6 * k)}`, legs, b.lw) + shoeAt(foot[0] + k, foot[1], b.shoe, shoe, tilt);
  const bent = (hx, knee, foot) =>
    line(`M${n(hx)} ${n(-seat)}L${knee.map(n).join(" ")}L${n(foot[0])} ${n(foot[1] - 6 * k)}`, legs, b.lw) + shoeAt(foot[0] + k, foot[1], b.shoe, shoe);
  let far = "", near = "";
  if (p.nolegs) far = near = "";
  else if (p.sit) {
    const thigh = 46 * k, shin = Math.min(seat - 3, 62 * k);
    far = bent(-2, [thigh - 6, -seat + 2], [thigh - 2, -seat + shin + 3]);
    near = bent(3, [thigh, -seat + 3], [thigh + 5, -seat + shin + 3]);
  } else if (p.kneel) {
    far = line(`M-4 ${-seat}L-6 -10L-44 -9`, legs, b.lw) + shoeAt(-48, -2, b.shoe, shoe, 70);
    near = bent(4, [40, -48], [40, 0]);
  } else {
    const swing = (phase) => {
      const go = (p.step || 0) * Math.sin(phase), up = (p.step || 0) * Math.max(0, Math.cos(phase));
      return [go * 0.4 * -b.hip, up * 7 * k, go];
    };
    const [x1, y1, g1] = swing(p.phase || 0), [x2, y2, g2] = swing((p.phase || 0) + Math.PI);
    far = leg(-b.lx, [-b.lx + x2 * 0.4 + y2, b.hip / 2], [-b.lx - 1 + x2, -y2], -g2 * 12);
    near = leg(b.lx, [b.lx + x1 * 0.4 + y1, b.hip / 2], [b.lx + 1 + x1, -y1], -g1 * 12);
  }
  const sleeve = p.coat || p.top, arm = b.al, sh = b.top + b.c * 0.85 + down;
  const [s1, s2] = [[b.w * 0.6, sh], [-b.w * 0.6, sh]].map((s) => turned(s, lean, hip));
  const h1 = handAt(s1, p.front || "rest", arm), h2 = handAt(s2, p.rear || "back", arm);
  const nearArm = limb(s1, h1, arm, sleeve, b.aw), farArm = limb(s2, h2, arm, p.rearColour || sleeve, b.aw);
  const palm = (h) => disc(h[0], h[1], b.hand, p.skin);
  const thing = p.hold ? at(h1[0], h1[1], p.holdSize || 1, THINGS[p.hold](p.lit)) : "";
  const { w, top, c } = b, hem = p.sit ? b.hip + 8 : b.hem + (p.long || 0), tails = p.sit ? 3 : 10;
  const torso =
    path(`M${n(-w)} ${n(top + c)}q0 ${n(-c)} ${n(w * 0.8)} ${n(-c)}h${n(w * 0.4)}q${n(w * 0.8)} 0 ${n(w * 0.8)} ${n(c)}L${n(w * 0.9)} ${n(hem - 6)}q0 6-6 6H${n(6 - w * 0.9)}q-6 0-6-6z`, p.view === "back" ? sleeve : p.top) +
    (p.coat && p.view !== "back"
      ? path(`M${n(-w)} ${n(top + c)}q0 ${n(-c)} ${n(w * 0.8)} ${n(-c)}l${n(w * 0.1)} ${n(-b.top - 90)} ${n(w * -0.06)} ${n(hem + tails - top - (-b.top - 90))}h${n(-w * 0.66)}q-6 0-6-6zM${n(w)} ${n(top + c)}q0 ${n(-c)} ${n(-w * 0.74)} ${n(-c)}l${n(w * 0.24)} ${n(-b.top - 124)} ${n(-w * 0.04)} ${n(hem + tails - top - (-b.top - 124))}h${n(w * 0.36)}q6 0 6-6z`, p.coat)
      : "") +
    (p.lanyard ? line(`M-8 ${n(top + 2)}L4 ${n(top + 40)}L10 ${n(top + 2)}`, p.lanyard, 3) + rect(-4, top + 40, 15, 19, C.card, 2) : "");
  const pack = p.pack && p.view !== "back" ? rect(-w * 1.75, top + 4, w * 1.25, (hem - top) * 0.82, p.pack, 9) + rect(-w * 1.8, top + (hem - top) * 0.42, w * 0.75, (hem - top) * 0.3, C.card, 5, dim(0.25)) : "";
  const strap = p.pack ? line(`M${n(-w * 0.35)} ${n(top + 3)}q-5 14-3 ${n((hem - top) * 0.6)}`, p.pack, 5) : "";
  const onBack = p.pack && p.view === "back" ? rect(-w * 0.85, top + 6, w * 1.7, (hem - top) * 0.9, p.pack, 9) + rect(-w * 0.6, top + (hem - top) * 0.55, w * 1.2, (hem - top) * 0.32, C.card, 5, dim(0.25)) : "";
  const nod = p.nod || 0, forward = p.view ? 0 : 2.5;
  const skull = `<g transform="translate(${n(forward + nod * 0.12)} ${n(b.hy + Math.abs(nod) * 0.08)}) rotate(${n(nod)}) scale(${n2(b.hr / 20)})">${head(p)}</g>`;
  const neck = rect(-b.w * 0.27, b.hy + b.hr * 0.5, b.w * 0.54, top - b.hy - b.hr * 0.5 + 9, p.skin, 5);
  const upper = `<g transform="translate(0 ${n(down)})${lean ? ` rotate(${n(lean)} 0 ${n(b.hip)})` : ""}">${pack}${torso}${strap}${neck}${skull}${onBack}</g>`;
  const place = `<g transform="translate(${n(p.x)} ${n(p.y)}) scale(${n2(p.s * face)} ${n2(p.s)})">`;
  const hugged = p.hug ? at(-2, sh + arm * 0.62, 0.9, THINGS[p.hug]()) : "";
  const both = p.view === "front" ? farArm + palm(h2) : "";
  const under = p.view ? "" : farArm + palm(h2);
  const over = thing + hugged + both + nearArm + palm(h1);
  if (p.part === "arms") return `${place}${over}</g>`;
  if (p.view === "back") return `${place}${thing}${nearArm}${palm(h1)}${farArm}${palm(h2)}${far}${near}${upper}</g>`;
  return `${place}${under}${far}${near}${upper}${p.part === "body" ? "" : over}</g>`;
}
// Where a person's head is in the picture: voices start there.
const headAt = (p) => {
  const b = bodyOf(p.age ?? 1), seat = p.sit ? p.seat || 62 : p.kneel ? 46 : -b.hip;
  const [hx, hy] = turned([2, b.hy - b.hip - seat], p.lean || 0, [0, -seat]);
  return [p.x + hx * p.s * (p.face ?? 1), p.y + hy * p.s, p.s];
};
// A small calm mark beside whoever speaks: two arcs, wider when the voice is raised.
const voice = (p, t, loud = 0) => {
  const [x, y, s] = headAt(p), side = (p.face ?? 1) < 0 ? -1 : 1;
  const arcs = loud > 0.5 ? 3 : 2;
  const one = (i) => {
    const r = (30 + i * (9 + loud * 5)) * s + Math.sin(t * 5 - i) * 1.2, w = 0.36 + loud * 0.22;
    const [ax, ay] = [Math.cos(w) * r * side, Math.sin(w) * r];
    return line(`M${n(x + ax)} ${n(y + 3 - ay)}A${n(r)} ${n(r)} 0 0 ${side > 0 ? 1 : 0} ${n(x + ax)} ${n(y + 3 + ay)}`, loud > 0.5 ? C.clay : p.mark || C.pine, 3.2 + loud * 1.6, dim(0.95 - i * 0.2));
  };
  return Array.from({ length: arcs }, (_, i) => one(i)).join("");
};

// ---------------------------------------------------------------- outdoors
const tree = (x, y, s, c, t = "#6b4a36") =>
  at(x, y, s, path("M-3 0l1-46h4l1 46z", t), path("M0-112c20 0 33 19 31 42-1 20-14 32-31 32s-30-12-31-32c-2-23 11-42 31-42z", c), line("M0-50v-34M0-62l10-10M0-70l-9-8", t, 2.5, dim(0.55)));
const fir = (x, y, s, c) => at(x, y, s, path("M0-96c4 0 6 4 9 12l17 52c4 12 0 20-12 20H4V0h-8v-12h-10c-12 0-16-8-12-20l17-52c3-8 5-12 9-12z", c));
const bush = (x, y, s, c) => at(x, y, s, path("M-34 0c-6-14 4-26 16-24 2-14 24-18 30-4 12-4 24 8 20 20 4 2 4 6 2 8z", c));
const pane = (x, y, w, h, r = 3, light = C.amb1) =>
  rect(x, y, w, h, light, r) + `<path d="M${x + w / 2} ${y}v${h}M${x} ${y + h / 2}h${w}" stroke="${C.card}" stroke-width="3" opacity=".9"/>`;
const archHouse = (x, y, s) =>
  at(x, y, s, path("M-74 0v-104a62 62 0 0 1 124 0V0z", C.dusk), path("M-12 0v-166a62 62 0 0 1 62 62V0z", C.duskD, dim(0.55)), disc(-12, -112, 15, C.amb1), line("M-12-127v30M-27-112h30", C.card, 3), pane(-58, -74, 28, 34), path("M-15 0v-44a16 16 0 0 1 32 0V0z", C.coral), disc(11, -22, 2.5, C.amb1));
const gableHouse = (x, y, s) =>
  at(x, y, s, rect(30, -160, 18, 44, "#5c3603", 2), path("M-58 0v-100h124V0z", C.amb3), path("M4-100h62V0H4z", "#e0a64b", dim(0.6)), path("M4-156L-52-98h116z", C.amb3), path("M-74-92L-2-162a9 9 0 0 1 12 0L82-92a5 5 0 0 1-4 8H-70a5 5 0 0 1-4-8z", C.amb), pane(-8, -128, 24, 24, 12), pane(28, -72, 28, 32), path("M-17 0v-54a3 3 0 0 1 3-3h28a3 3 0 0 1 3 3V0z", C.pine), disc(9, -26, 2.5, C.amb1), pane(-50, -72, 24, 32));
const plant = (x, y, s, pot = C.clay) =>
  at(x, y, s, path("M-12-20c-14-22 0-38 8-20 0-26 16-24 14-2 10-14 20 0 4 22z", C.moss), path("M-15-24h30l-4 24h-22z", pot));

// ---------------------------------------------------------------- weather
// `dry` is a box the rain does not fall into: a doorway, a window.
const rain = (t, much = 60, dry = null, w = 960, h = 540) => {
  let d = "";
  t = Math.floor(t * 6) / 6; // rain falls in steps, six a second: half the bytes
  for (let i = 0; i < much; i++) {
    const x0 = (i * 197.3) % (w + 120), speed = 520 + ((i * 71) % 160), start = (i * 131.7) % (h + 60);
    const y = ((start + t * speed) % (h + 60)) - 40, x = x0 - (y / h) * 60;
    if (dry && x > dry[0] && x < dry[2] && y > dry[1] - 20 && y < dry[3]) continue;
    d += `M${n(x)} ${n(y)}l-2 ${15 + (i % 3) * 4}`;
  }
  return line(d, "#eef0fb", 2, dim(0.5));
};
const ripples = (x, y, w, t, seed = 0) => {
  let out = "";
  t = Math.floor(t * 6) / 6;
  for (let i = 0; i < 3; i++) {
    const age = (t * 0.9 + i / 3 + seed) % 1, turn = Math.floor(t * 0.9 + i / 3 + seed);
    const px = x + (((turn * 37 + i * 53) % 100) / 100 - 0.5) * w * 1.1;
    out += `<ellipse cx="${n(px)}" cy="${n(y)}" rx="${n(3 + age * w * 0.22)}" ry="${n(1 + age * w * 0.05)}" fill="none" stroke="#eef0fb" stroke-width="2" opacity="${n2((1 - age) * 0.7)}"/>`;
  }
  return out;
};
