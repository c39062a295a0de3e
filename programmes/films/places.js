// Where a film happens. A place gives what stands behind the people and what stands before them, 960 x 540; people
// stand at about y = 470. `o` says what changes: the light, an open door, the time t in seconds.
"use strict";

const CAST = {
  sam: { skin: C.s1, hair: C.h1, style: "beard", top: C.dusk1, coat: C.dusk, legs: C.pineD, s: 1.3 },
  jo: { skin: C.s4, hair: C.h4, style: "bob", top: C.amb1, coat: C.amb2, legs: "#3b3a3a", shoe: "#5c3603", s: 1.26 },
  maya: { age: 0.12, skin: C.s3, hair: C.h1, style: "plait", top: C.coral, legs: C.dusk, s: 1.26 },
  dev: { skin: C.s3, hair: C.h1, style: "short", top: C.pine3, coat: "#2f6f64", legs: C.ink, s: 1.3 },
  ruth: { skin: C.s2, hair: C.h2, style: "long", top: C.bl1, coat: C.clay, legs: "#38365c", shoe: "#5c3603", s: 1.24 },
  isaac: { age: 0.28, skin: C.s3, hair: C.h3, style: "curls", top: C.amb3, legs: C.pineD, s: 1.22 },
  teacher: { skin: C.s1, hair: C.dusk3, style: "scarf", top: C.dusk, legs: C.ink, lanyard: C.amb3, s: 1.24, long: 12 },
  carys: { skin: C.s4, hair: C.h5, style: "bun", top: "#3f7c6a", legs: "#3b3a5c", s: 1.26 },
  tunde: { skin: C.s5, hair: C.h1, style: "crop", top: C.amb3, legs: C.ink, s: 1.3 },
  joss: { age: 0.52, skin: C.s3, hair: C.h3, style: "curls", top: C.dusk3, legs: C.pineD, s: 1.22 },
  ella: { age: 0, skin: C.s3, hair: C.h3, style: "plait", top: C.coral, legs: C.dusk, s: 1.14 },
  kim: { skin: C.s2, hair: C.h1, style: "bob", top: C.dusk3, legs: "#55507f", s: 1.28 },
  pat: { skin: C.s3, hair: C.h3, style: "short", top: C.moss, legs: C.ink, s: 1.28 },
  noor: { age: 0.7, skin: C.s3, hair: C.h1, style: "long", top: C.coral, legs: C.dusk, s: 1.24 },
};

const LAMPLIGHT = "#f6dfae";
const bricks = (list, fill) => list.map(([x, y]) => rect(x, y, 44, 13, fill, 3)).join("");
const floor = (y, fill = C.sand, edge = C.sand2) => rect(0, y, 960, 540 - y, fill) + rect(0, y, 960, 6, edge);
const picture = (x, y, w = 54, h = 42) =>
  rect(x, y, w, h, C.card, 3) + rect(x + 5, y + 5, w - 10, h - 10, C.pine1, 1) + path(`M${x + 8} ${y + h - 8}l${w * 0.24} ${-h * 0.36} ${w * 0.2} ${h * 0.22} ${w * 0.1}-7 ${w * 0.18} ${h * 0.28}z`, C.pine3);
const pendant = (x, long, fill = C.coral, glow = 1) =>
  line(`M${x} 0v${long - 40}`, C.ink, 4) + path(`M${x - 50} ${long}c0-30 22-46 50-46s50 16 50 46z`, fill) + (glow ? oval(x, long, 50, 8, C.amb1) + path(`M${x - 46} ${long + 4}h92l96 190H${x - 142}z`, C.amb1, dim(0.45 * glow)) : "");
const nightWindow = (x, y, w, h, moon = 1) =>
  rect(x - 9, y - 9, w + 18, h + 18, C.card, 7) + rect(x, y, w, h, moon ? C.duskD : "#cfe4ee", 3) + (moon ? disc(x + w * 0.72, y + h * 0.28, 15, C.amb1) : disc(x + w * 0.72, y + h * 0.3, 17, C.amb3)) +
  path(`M${x} ${y + h * 0.76}q${w * 0.3}-${h * 0.2} ${w * 0.55}-${h * 0.06}t${w * 0.45} 0V${y + h}H${x}z`, moon ? C.night : C.fern) + `<path d="M${x + w / 2} ${y}v${h}M${x} ${y + h / 2}h${w}" stroke="${C.card}" stroke-width="6"/>` + rect(x - 20, y + h + 6, w + 40, 11, C.card, 4);
const calendarOnWall = (x, y) => {
  let days = "";
  for (let i = 0; i < 11; i++) days += rect(8 + (i % 4) * 20, 24 + Math.floor(i / 4) * 19, 15, 13, i % 4 < 2 ? C.dusk1 : C.amb1, 2);
  return at(x, y, 1, rect(0, 0, 94, 84, C.card, 5), line("M8 12h78", C.coral, 6), days);
};
const chairBack = (x, y, s = 1, face = 1, fill = C.wood3) =>
  `<g transform="translate(${x} ${y}) scale(${face * s} ${s})">${line("M-26-62V0M26-62V0M-26-28h52", fill, 8)}${line("M-30-64h60", fill, 10)}${line("M-27-66L-33-150", fill, 8)}${line("M-32-136L-29-100", fill, 14)}</g>`;
const tableOf = (x, y, w, h = 84, fill = C.wood) =>
  line(`M${x - w / 2 + 26} ${y - h + 12}L${x - w / 2 + 16} ${y}M${x + w / 2 - 26} ${y - h + 12}L${x + w / 2 - 16} ${y}`, C.wood2, 11) +
  path(`M${x - w / 2} ${y - h}l34-36h${w - 68}l34 36z`, "#cda57c") + rect(x - w / 2, y - h, w, 14, fill, 4);

const PLACES = {
  // Jo's front door on a wet evening. o.open: how far the door stands open; o.who: drawn inside the doorway.
  door(o) {
    const { t = 0, open = 1, wet = 1, near = 0 } = o, leaf = 52 * clamp(2 * open - 1), shut = clamp(1 - 2 * open);
    const inside = rect(624, 372, 136, 82, C.bl2, 0, dim(0.8)) + line("M706 258h44", C.wood3, 6) + path("M716 262h22l5 48h-32z", C.pine3);
    return {
      back:
        rect(0, 0, 960, 540, "#aeacd0") + path("M0 96c120-40 240 20 360-10s240-30 600 0V0H0z", "#9795c0") + path("M0 300c120-60 280-56 520-8v200H0z", "#8fa9b4") + (near ? "" : fir(58, 312, 1.1, "#64908c") + fir(104, 316, 0.8, "#6f9a96") + gableFar(196, 318)) + tree(300, 322, 1.15, "#568079") +
        path("M0 372c150-44 330-40 560-12v120H0z", "#5f8f84") +
        (near ? "" : line("M178 452V168q0-22 22-22", "#3d4660", 7) + path("M188 146h26l8 16h-42z", "#3d4660") + oval(201, 163, 19, 5, C.amb1) + path("M184 166h34l74 286H110z", C.amb1, dim(0.18))) +
        rect(530, 0, 430, 470, "#d3a352") + bricks([[546, 44], [566, 70], [876, 40], [900, 66], [546, 262], [890, 176], [866, 330], [906, 354], [552, 372], [556, 150]], "#c08f42") +
        pane(824, 214, 92, 104, 4, LAMPLIGHT) + rect(812, 318, 116, 11, C.clay, 4) +
        path("M612 456V186a78 78 0 0 1 156 0v270z", "#fff6e0") + path("M624 456V188a66 66 0 0 1 132 0v268z", LAMPLIGHT) + inside +
        path("M586 108h208l18 26H568z", C.pine) + rect(578, 132, 224, 8, C.pineD, 3),
      front:
        shut > 0
          ? `<g transform="translate(756 0) scale(${n2(shut)} 1)">${path("M-132 456V188a66 66 0 0 1 132 0v268z", C.pine)}${path("M-114 250h40v82h-40zM-58 250h40v82h-40zM-114 350h40v84h-40zM-58 350h40v84h-40z", C.pineD, dim(0.45))}${disc(-118, 342, 5, C.amb3)}</g>`
          : path(`M756 456V192l${n(leaf)}-26c4-2 8 1 8 5v302c0 3-3 5-6 4z`, C.pine) + path(`M768 222l${n(leaf * 0.66)}-14v84l${n(-leaf * 0.66)} 9zM768 330l${n(leaf * 0.66)}-6v92l${n(-leaf * 0.66)}-4z`, C.pineD, dim(0.45)) + disc(766, 326, 5, C.amb3),
      ground:
        rect(0, 452, 960, 88, "#b8b2b8") + rect(0, 452, 960, 6, "#a49fae") + path("M596 440h194l12 16H584z", C.sand) + path("M584 456h218l54 84H510z", "#d9cfc6") + path("M640 456h106l30 84H590z", LAMPLIGHT, dim(0.5 * open)) +
        oval(300, 500, 128, 17, "#8f93ba") + oval(286, 497, 86, 9, "#a9aed2") + oval(884, 512, 74, 11, "#8f93ba") + (near ? "" : oval(96, 478, 60, 8, "#8f93ba")) + plant(846, 458, 1.2) + (wet ? ripples(300, 500, 180, t) + ripples(884, 511, 100, t, 0.4) : ""),
      over: wet ? rain(t, near ? 44 : 60, [618, 186, 762, 456]) : "",
    };
  },
  // The window above Jo's door, from the path. o.inside: who stands at the window.
  window(o) {
    const { t = 0 } = o;
    return {
      back:
        rect(0, 0, 960, 540, "#aeacd0") + path("M0 0h420v120C300 90 160 150 0 110z", "#9795c0") + path("M0 400c120-60 220-50 400-20v160H0z", "#8fa9b4") + tree(96, 470, 2.1, "#568079") + path("M0 450c150-30 260-20 420 0v90H0z", "#5f8f84") +
        rect(380, 0, 580, 540, "#d3a352") + bricks([[400, 60], [424, 88], [880, 120], [404, 330], [860, 300], [884, 328], [420, 200]], "#c08f42") + rect(520, 90, 300, 250, "#fff6e0", 8) + rect(536, 106, 268, 218, LAMPLIGHT, 3) + line("M746 106v30", C.ink, 3) + path("M722 152c0-12 10-20 24-20s24 8 24 20z", C.coral),
      front:
        rect(500, 324, 340, 106, "#d3a352") + `<path d="M536 158h268" stroke="#fff6e0" stroke-width="7"/>` + path("M536 106h46c-4 90-16 150-46 196zM804 106h-46c4 90 16 150 46 196z", C.dusk3) + rect(504, 330, 332, 18, C.clay, 4) + rect(560, 470, 220, 70, "#fff6e0", 40) + path("M572 540v-18a98 52 0 0 1 196 0v18z", LAMPLIGHT) + path("M534 430h272l24 30H510z", C.pine),
      over: rain(t, 46, [530, 100, 810, 326]),
    };
  },
  // A hall with stairs; a doorway on the left. o.beyond: light in the doorway; o.wall: the colour of the home.
  hall(o) {
    const { wall = C.pine0, dark = 0, beyond = LAMPLIGHT } = o;
    let steps = "M470 476", rails = "";
    for (let i = 0; i < 9; i++) steps += "v-38h50";
    for (let i = 0; i < 9; i += 2) rails += `M${494 + i * 50} ${438 - i * 38}v-140`;
    return {
      back:
        rect(0, 0, 960, 540, wall) + rect(0, 360, 960, 110, C.sand2, 0, dim(0.5)) + floor(470) + rect(86, 130, 196, 346, C.card, 4) + rect(100, 144, 168, 332, beyond, 2) + (o.inside || ""),
      front:
        rect(0, 0, 86, 476, wall) + rect(0, 360, 86, 110, C.sand2, 0, dim(0.5)) + path("M268 144l54 22v334l-54-24z", C.wood) + disc(312, 332, 5, C.amb1) +
        line("M352 214h84", C.wood3, 7) + path("M366 218h22l8 84h-34z", C.dusk3) + path("M402 218h20l8 66h-32z", C.coral) + picture(360, 116, 64, 48) +
        path(`${steps}V476z`, C.wood) + path("M520 476h400V172z", "#d9c4a6", dim(0.6)) + path("M470 476v-38h50v38z", C.wood),
      over:
        line(rails, C.card, 6) + line("M474 314L890 -2", C.wood3, 10) + line("M474 470V308", C.wood3, 13) + disc(474, 302, 11, C.wood3) + (dark ? rect(0, 0, 960, 540, C.night, 0, dim(dark)) : ""),
    };
  },
  // A school corridor in the evening.
  corridor(o) {
    const notes = [[96, 132, C.card], [142, 128, C.amb1], [188, 136, C.dusk1], [234, 130, C.card], [102, 196, C.pine1], [150, 190, C.card], [198, 198, C.bl2], [244, 190, C.amb1]];
    const sheets = notes.map(([x, y, c], i) => `<g transform="rotate(${(i % 3) - 1} ${x} ${y})">${rect(x, y, 38, 50, c, 2)}${i % 2 ? disc(x + 19, y + 22, 9, C.coral) : path(`M${x + 8} ${y + 38}v-14l11-9 11 9v14z`, C.moss)}</g>`).join("");
    const pegs = [[372, C.dusk3], [412, C.amb3], [452, ""], [492, C.pine3]].map(([x, c]) => disc(x, 236, 5, C.wood3) + (c ? path(`M${x - 9} 238h18l9 78h-36z`, c) : "")).join("");
    const shelf = (y, list) => list.map(([x, w, h, c]) => rect(x, y - h, w, h, c, 1)).join("") + rect(796, y, 116, 7, C.wood3, 2);
    return {
      back:
        rect(0, 0, 960, 540, C.pine0) + rect(0, 0, 960, 36, C.card) + (o.near ? "" : rect(120, 20, 150, 12, C.amb1, 4) + rect(470, 20, 150, 12, C.amb1, 4) + rect(790, 20, 130, 12, C.amb1, 4)) + rect(0, 320, 960, 140, C.pine1) + rect(0, 314, 960, 8, C.pine3) + floor(458, C.sand) + path("M0 500h960v12H0z", C.bl2, dim(0.5)) +
        (o.near ? "" : rect(76, 108, 222, 162, C.wood, 6) + rect(84, 116, 206, 146, C.bl1, 2) + sheets) + rect(352, 226, 162, 20, C.card, 4) + pegs +
        rect(560, 118, 156, 342, C.card, 3) + (o.room ? rect(572, 130, 132, 330, LAMPLIGHT) : rect(572, 130, 132, 330, C.moss, 2) + rect(592, 160, 92, 112, LAMPLIGHT, 4) + `<path d="M638 160v112" stroke="${C.card}" stroke-width="4"/>` + disc(690, 316, 6, C.amb1)) +
        (o.room ? rect(590, 200, 96, 60, C.pine, 3) + line("M600 220h52M600 238h34", C.pine1, 4) : "") + rect(726, 176, 40, 52, C.card, 3) + line("M733 192h26M733 202h26M733 212h16", C.pine3, 4),
      front: "",
      over: at(o.stand || 0, 0, 1, rect(790, 230, 8, 250, C.wood3, 3) + rect(910, 230, 8, 250, C.wood3, 3) + rect(798, 236, 112, 228, "#cfa77c") + shelf(300, [[804, 12, 46, C.coral], [817, 14, 52, C.dusk], [832, 10, 40, C.amb3], [843, 15, 50, C.pine], [862, 12, 44, C.dusk3], [876, 22, 38, C.moss]]) + shelf(376, [[806, 20, 44, C.amb3], [828, 12, 52, C.clay], [842, 14, 48, C.pine3], [870, 12, 50, C.dusk], [884, 14, 42, C.coral]]) + shelf(456, [[804, 14, 50, C.pine], [820, 22, 44, C.bl2], [846, 12, 54, C.dusk3], [860, 18, 46, C.amb2], [888, 12, 48, C.pine3]])),
    };
  },
  // A kitchen with a table. o.night: the window; o.wall; o.chairs: 1 the left one, 2 the right one, 3 both.
  kitchen(o) {
    const { night = 0, wall = C.pine0, shade = C.coral, table = 1, chairs = 3 } = o;
    return {
      back:
        rect(0, 0, 960, 540, wall) + floor(430) + nightWindow(130, 92, 150, 140, night) + plant(168, 238, 1) +
        line("M690 150h210", C.wood, 9) + rect(708, 112, 26, 34, C.coral, 4) + rect(740, 104, 22, 42, C.pine3, 3) + rect(767, 110, 17, 36, C.amb3, 3) + path("M806 146v-17a16 16 0 0 1 32 0v17z", C.dusk) + line("M838 128h8a8 8 0 0 1 0 14h-8", C.dusk, 4) + calendarOnWall(744, 190) +
        rect(0, 318, 92, 116, C.moss) + rect(0, 306, 100, 14, C.wood, 4) + path("M20 306v-28h34v28zM54 284h10v6H54z", C.ink) + pendant(480, 112, shade, night ? 1 : 0.35) + (chairs & 1 ? chairBack(306, 490, 1.12, 1) : "") + (chairs & 2 ? chairBack(654, 490, 1.12, -1) : ""),
      front: table ? tableOf(480, 494, 300, 104) + (o.onTable || "") : "",
      over: "",
    };
  },
  // Another kitchen, of the second home, with warm walls.
  flat(o) {
    return PLACES.kitchen({ wall: C.bl0, shade: C.dusk, ...o });
  },
  // A living room with a sofa. o.night.
  lounge(o) {
    const { night = 0, wall = C.bl0, sofa = C.pine3 } = o;
    return {
      back:
        rect(0, 0, 960, 540, wall) + floor(440) + nightWindow(390, 86, 180, 140, night) + picture(160, 120, 90, 66) + picture(276, 148, 54, 42) + line("M800 440V178", C.wood3, 7) + path("M760 186l16-62h48l16 62z", C.amb3) + (night ? path("M764 188h72l96 250H668z", C.amb1, dim(0.35)) : "") + oval(800, 442, 40, 7, C.wood3) +
        oval(480, 494, 380, 26, C.dusk1) + rect(196, 290, 470, 120, sofa, 26),
      front: "",
      seat: rect(226, 372, 410, 62, sofa, 14) + rect(226, 372, 410, 12, C.card, 6, dim(0.2)) + rect(180, 332, 62, 116, sofa, 22) + rect(620, 332, 62, 116, sofa, 22) + rect(206, 440, 16, 26, C.wood3, 3) + rect(640, 440, 16, 26, C.wood3, 3),
      over: "",
    };
  },
  // Isaac's classroom.
  classroom() {
    const sheet = (x, y, c, i) => rect(x, y, 46, 56, c, 2) + (i % 2 ? disc(x + 23, y + 26, 11, C.coral) : path(`M${x + 9} ${y + 44}v-16l14-11 14 11v16z`, C.moss));
    return {
      back:
        rect(0, 0, 960, 540, C.bl0) + rect(0, 330, 960, 110, C.bl1) + floor(436) + rect(300, 78, 330, 178, C.wood, 6) + rect(310, 88, 310, 158, C.pine, 3) + line("M338 126h150M338 158h210M338 190h112", C.pine1, 5, dim(0.8)) + rect(350, 250, 60, 7, C.card, 3) +
        nightWindow(66, 92, 150, 140, 0) + [C.card, C.amb1, C.dusk1, C.pine1, C.card, C.bl2].map((c, i) => sheet(682 + (i % 3) * 62, 92 + Math.floor(i / 3) * 76, c, i)).join("") +
        rect(700, 330, 200, 110, C.wood, 4) + rect(716, 346, 168, 34, "#e3c39c", 3) + rect(716, 390, 168, 34, "#e3c39c", 3) + rect(724, 350, 30, 28, C.coral, 3) + rect(760, 352, 40, 26, C.dusk3, 3) + rect(728, 396, 46, 26, C.pine3, 3) + rect(820, 394, 40, 28, C.amb3, 3) + plant(860, 330, 1.1),
      front: tableOf(470, 500, 250, 96) + rect(420, 386, 60, 6, C.dusk, 2) + rect(424, 380, 54, 6, C.amb3, 2),
      over: "",
    };
  },
  // Kim's bedroom. o.day: 0 is night, 1 is morning. o.lit: the phone on the little table. o.phone: 0 when it is not there.
  bed(o) {
    const { t = 0, day = 0, lit = 0, phone = 1, down = 0, asleep = 0, moon = 0, clock = "11:40" } = o;
    const wall = blend("#504b88", "#e9e4f4", day), breathing = Math.sin(t * 1.5) * 3 * asleep;
    const kimAsleep = asleep ? rect(330, 372, 112, 40, blend("#a7a3cc", C.card, day), 18) + `<g transform="translate(398 370) rotate(-78) scale(1.28)">${head({ ...CAST.kim, style: "short" })}</g>` : "";
    return {
      back:
        rect(0, 0, 960, 540, wall) + rect(0, 450, 960, 90, blend("#3b3768", C.sand, day)) + rect(520, 70, 220, 170, blend("#8a86b8", C.card, day), 8) + rect(532, 82, 196, 146, blend("#232050", "#f3d9c4", day), 3) +
        disc(590 + moon * 90, 118 + moon * 20, 17, blend(C.amb1, "#f3d9c4", day)) + (day > 0.05 ? disc(660, 214 - day * 50, 24, C.amb3, dim(day)) : "") + path("M532 206q60-34 110-12t86-2v36H532z", blend("#191640", C.fern, day)) + `<path d="M630 82v146M532 155h196" stroke="${blend("#8a86b8", C.card, day)}" stroke-width="6"/>` + rect(506, 236, 248, 11, blend("#8a86b8", C.card, day), 4) +
        path("M500 62h46c-4 80-14 130-46 176zM760 62h-46c4 80 14 130 46 176z", blend("#6c66ad", C.dusk3, day)) + picture(820, 120, 84, 62) +
        rect(120, 364, 150, 14, blend("#6f5a52", C.wood, day), 4) + rect(132, 378, 126, 96, blend("#5b4844", C.wood2, day)) + rect(146, 394, 98, 34, blend("#6f5a52", C.wood, day), 4) + disc(195, 411, 5, blend("#a99a80", C.amb1, day)) + line("M158 364v-66", blend("#5b4844", C.wood3, day), 6) + path("M126 302l16-60h36l16 60z", blend("#9a8460", C.amb3, day)) +
        rect(186, 332, 70, 32, C.ink, 6) + words(221, 355, 21, clock, C.amb3, PLAIN + MIDDLE) + (phone ? (lit ? [120, 84, 50].map((r) => oval(232, 346, r, r * 0.72, "#cfd8ff", dim(0.17 * lit))).join("") : "") + rect(204, 358, 56, 7, down ? "#39494a" : C.ink, 3) + (lit ? rect(208, 357, 48, 3, "#e8ecff", 1) : "") : "") +
        rect(292, 288, 26, 186, blend("#5b4844", C.wood2, day), 10) + rect(306, 410, 560, 50, blend("#8a86b8", C.card, day), 12) + rect(852, 370, 24, 104, blend("#5b4844", C.wood2, day), 10) + (asleep ? "" : rect(322, 350, 60, 62, blend("#a7a3cc", C.card, day), 18)) + kimAsleep,
      front:
        asleep
          ? path(`M420 ${n(402 - breathing)}c30-34 96-${n(40 + breathing)} 150-${n(30 + breathing)}c120 12 220 18 290 30v62q0 8-8 8H420z`, blend(C.dusk, "#7f79c4", day)) + path(`M420 ${n(402 - breathing)}c30-34 96-${n(40 + breathing)} 150-${n(30 + breathing)}l-10 24c-60-6-100 2-140 36z`, blend("#a7a3cc", C.card, day))
          : path("M366 416c10-40 70-44 130-34 120 18 260 4 364 30v58q0 8-8 8H372q-8 0-8-8z", blend(C.dusk, "#7f79c4", day)) + path("M366 416c10-40 70-44 130-34l-6 26c-60-8-96-2-124 24z", blend("#a7a3cc", C.card, day)),
      over: "",
    };
  },
  // The way into school, in the morning.
  gate() {
    return {
      back:
        rect(0, 0, 960, 540, "#dcecf1") + disc(160, 110, 46, "#f9dcb9") + path("M0 330c160-60 330-40 520-10s300 0 440-20v160H0z", C.fern) + rect(420, 130, 480, 320, "#d79a6f") + path("M400 136L660 40l260 96z", C.amb) + rect(600, 96, 120, 34, C.card, 5) + line("M618 113h84", C.pine, 6) +
        [[450, 180], [540, 180], [740, 180], [830, 180], [450, 300], [830, 300]].map(([x, y]) => pane(x, y, 56, 74)).join("") + rect(604, 268, 116, 182, C.card, 4) + rect(614, 278, 46, 172, C.pine) + rect(664, 278, 46, 172, C.pine) + rect(622, 296, 30, 60, LAMPLIGHT, 3) + rect(672, 296, 30, 60, LAMPLIGHT, 3) + tree(350, 452, 2, C.moss) + bush(780, 452, 1.1, C.pine) + bush(500, 452, 1, "#3f7c6a") +
        rect(0, 446, 960, 94, C.sand) + rect(0, 446, 960, 6, C.sand2) + path("M610 450h110l90 90H520z", C.bl0),
      front: "",
      over: line("M40 540V330M100 540V330M160 540V330M220 540V330", C.pineD, 9) + line("M20 364h220M20 470h220", C.pineD, 9),
    };
  },
};
const gableFar = (x, y) => at(x, y, 0.62, path("M-58 0v-90h116V0z", "#8a82a6"), path("M-72-84L0-146 72-84z", "#5f5a86"), rect(-40, -66, 26, 30, LAMPLIGHT, 3), rect(14, -66, 26, 30, LAMPLIGHT, 3));
const blend = (from, to, k) => {
  const parts = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
  const [a, b] = [parts(from), parts(to)];
  return `#${a.map((v, i) => Math.round(lerp(v, b[i], clamp(k))).toString(16).padStart(2, "0")).join("")}`;
};
