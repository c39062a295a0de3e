// The still scenes of the lessons, 640 x 440, made of the same shapes as the films.
"use strict";

const crop = (x, y, ...body) => `<g transform="translate(${-x} ${-y})">${body.join("")}</g>`;
const chair = (x, y, s, face = 1, fill = C.wood3) => `<g transform="translate(${x} ${y}) scale(${face * s} ${s})">${line("M-20-60L-24 0M24-60L28 0M-22-62h48M-24-62L-30-124", fill, 8)}${line("M-28-116L-26-92", fill, 14)}</g>`;
const stool = (x, y, s, fill) => at(x, y, s, path("M-26-62h52v-4q0-6-6-6h-40q-6 0-6 6z", fill), line("M-20-60L-24 0M20-60L24 0", C.wood3, 7));

const SCENES = {
  "scene-rain": () => {
    const p = PLACES.door({ t: 1.3, near: 1 });
    return crop(262, 92, p.back, p.ground, person({ ...CAST.jo, x: 692, y: 452, s: 1.16, face: -1, front: "offer", nod: 6 }), p.front, person({ ...CAST.sam, x: 432, y: 500, s: 1.22, front: [0.34, 0.2], rear: "back", hold: "umbrella", nod: 4 }), person({ ...CAST.maya, x: 784, y: 490, s: 1.2, face: -1, pack: C.pine3, front: "wave" }), p.over);
  },
  "scene-school": () => {
    const p = PLACES.corridor({ room: 1, stand: -10, near: 1 });
    return crop(264, 76, p.back, person({ ...CAST.teacher, x: 716, y: 464, s: 1.12, face: -1, front: "open", nod: 3 }), p.over, person({ ...CAST.dev, x: 506, y: 480, s: 1.18, face: -1, nod: 9, front: "chest" }), person({ ...CAST.ruth, x: 602, y: 488, s: 1.14, face: -1, nod: 9 }), person({ ...CAST.isaac, x: 368, y: 490, s: 1.2, front: [0.5, 0.36], hold: "drawing" }));
  },
  "scene-stairs": () => {
    const inside = person({ ...CAST.carys, x: 176, y: 474, s: 1.1, front: "ear", hold: "phone", rear: "open", face: -1 });
    const p = PLACES.hall({ inside, wall: C.dusk1 });
    return crop(84, 82, p.back, p.front, person({ ...CAST.ella, x: 651, y: 362, s: 1.26, face: -1, sit: 1, seat: 20, front: [0.46, 0.42], rear: [0.4, 0.5], nod: 16, lean: 8, hold: "bear" }), p.over);
  },
  "scene-phone": () =>
    rect(0, 0, 640, 440, C.night) + rect(0, 300, 640, 140, "#232049") + nightWindow(72, 56, 150, 150) + path("M232 320l44-62h364v62z", "#a67c58") + rect(228, 318, 412, 20, C.wood2, 4) + rect(258, 338, 382, 102, C.wood3) + rect(286, 356, 330, 84, "#8d6444", 6) + disc(450, 396, 9, C.amb1) +
    path("M0 260c60-26 130-22 186 6 40 20 46 60 46 174H0z", C.dusk3) + path("M0 330c70-30 150-26 232 10v100H0z", C.dusk) + path("M0 262c60-26 130-22 186 6 12 6 20 14 26 26-70-16-140-14-212-2z", C.card, dim(0.85)) +
    line("M488 286V150", C.wood3, 8) + oval(488, 288, 34, 8, C.wood3) + path("M430 152l24-86h68l24 86z", C.amb3) + path("M434 156h108l60 134H374z", C.amb1, dim(0.3)) + `<g transform="translate(316 274) skewX(-28)">${rect(0, 3, 122, 34, C.amb1, 9)}${rect(0, 0, 122, 34, C.ink, 9)}${rect(10, 6, 24, 14, "#39494a", 5)}${disc(17, 13, 4, C.pine3)}${disc(27, 13, 4, C.pine3)}</g>` + path("M570 300v-40h40v40z", C.dusk3) + line("M610 268h5a9 9 0 0 1 0 18h-5", C.dusk3, 5),
  "scene-table": () => {
    const p = PLACES.kitchen({ wall: C.bl0, shade: C.moss, onTable: path("M414 386l10-24h52l-6 24z", C.card) + path("M428 380l4-12h34", "none", ` stroke="${C.pine3}" stroke-width="3"`) + path("M496 386l-4-24h50l10 24z", C.card) + line("M506 370h28M508 378h30", C.coral, 3) + line("M556 376l22-8", C.dusk, 4) + path("M380 376v-22h22v22z", C.dusk) });
    const a = { ...CAST.carys, x: 302, y: 490, s: 1.24, sit: 1, seat: 60, front: [0.74, 0.42], rear: [0.6, 0.44], hold: "pen", nod: 10, lean: 4 };
    const b = { ...CAST.tunde, x: 658, y: 490, s: 1.26, sit: 1, seat: 60, face: -1, front: [0.66, 0.36], rear: [0.5, 0.5], nod: 7 };
    return crop(160, 78, p.back, person({ ...a, part: "body" }), person({ ...b, part: "body" }), p.front, person({ ...a, part: "arms" }), person({ ...b, part: "arms" }));
  },
  "scene-group": () => {
    const seat = (who, x, y, s, face, fill, more) => chair(x, y, s * 1.06, face, fill) + person({ ...who, x, y, s, face, sit: 1, seat: 64, ...more });
    return rect(0, 0, 640, 440, C.pine0) + rect(0, 296, 640, 144, C.sand) + rect(0, 292, 640, 6, C.sand2) + nightWindow(250, 52, 150, 120, 0) + rect(462, 70, 120, 84, C.card, 5) + line("M480 94h84M480 112h60M480 130h72", C.pine3, 6) + plant(66, 296, 1.9) + oval(320, 372, 250, 46, C.bl1) +
      seat(CAST.dev, 214, 338, 0.92, 1, C.wood2, { coat: "", front: "lap", nod: 4 }) + seat(CAST.teacher, 322, 326, 0.9, 1, C.wood2, { view: "front", front: "open", rear: [-0.3, 0.66] }) + seat(CAST.kim, 430, 338, 0.92, -1, C.wood2, { front: "lap" }) +
      seat(CAST.ruth, 112, 412, 1.06, 1, C.wood3, { coat: "", top: C.clay, front: "lap", nod: 5 }) + seat(CAST.tunde, 526, 412, 1.1, -1, C.wood3, { front: "open", nod: -2 });
  },
  "scene-path": () => {
    const stones = [[196, 262, 20], [232, 284, 23], [276, 302, 26], [328, 312, 28], [382, 306, 27], [428, 288, 24], [462, 264, 21]].map(([x, y, r], i) => oval(x, y + 3, r, r * 0.36, C.moss) + oval(x, y, r, r * 0.36, i === 3 ? C.bl2 : C.bl0)).join("");
    return rect(0, 0, 640, 440, C.bl1) + path("M0 150C110 100 250 130 340 140S540 136 640 96V440H0z", C.pine1) + disc(322, 112, 54, C.bl2) + disc(322, 112, 37, "#f9dcb9") + path("M0 172C110 120 250 150 340 160S540 156 640 122V440H0z", C.fern) + fir(262, 176, 0.55, C.moss) + fir(292, 178, 0.4, "#77ab98") + fir(386, 178, 0.44, "#77ab98") +
      path("M0 232C90 196 220 204 330 226S540 216 640 186V440H0z", "#8fbfae") + tree(34, 240, 0.95, C.moss) + tree(604, 222, 1, C.moss) + archHouse(150, 258, 0.98) + gableHouse(506, 256, 0.98) + path("M0 296C110 236 200 240 320 258S520 250 640 230V440H0z", "#79ae9b") + stones + bush(96, 286, 0.7, C.pine) + bush(560, 272, 0.7, C.pine) + path("M0 378C130 342 240 372 340 380S540 362 640 338V440H0z", C.pine) +
      person({ ...CAST.maya, x: 328, y: 314, s: 0.98, pack: C.amb3, step: 0.8, phase: 1 });
  },
  "scene-listen": () => {
    const p = PLACES.lounge({ wall: C.pine0, sofa: C.dusk3 });
    return crop(150, 88, p.back, p.seat, person({ ...CAST.isaac, x: 318, y: 452, s: 1.2, sit: 1, seat: 68, front: "lap", rear: "lap", nod: 6 }), person({ ...CAST.jo, x: 504, y: 482, s: 1.26, kneel: 1, face: -1, front: [0.5, 0.62], rear: [0.34, 0.66], nod: 2 }), at(590, 478, 1.5, THINGS.bear()));
  },
  "scene-court": () => {
    const seats = [88, 152, 216, 424, 488, 552].map((x) => rect(x - 26, 262, 52, 62, C.dusk3, 10) + rect(x - 28, 318, 56, 16, C.dusk, 6) + line(`M${x - 20} 334v44M${x + 20} 334v44`, C.ink, 5)).join("");
    return rect(0, 0, 640, 440, C.sand) + rect(0, 366, 640, 74, "#d7cbbb") + rect(0, 360, 640, 7, C.sand2) + nightWindow(66, 66, 170, 132, 0) + rect(272, 92, 120, 274, C.card, 3) + rect(282, 102, 100, 264, C.wood) + rect(300, 124, 64, 84, LAMPLIGHT, 4) + disc(370, 244, 5, C.amb1) + rect(412, 116, 40, 30, C.pine, 4) + line("M422 131h20", C.card, 4) + disc(524, 118, 30, C.card) + line("M524 118v-17M524 118l12 7", C.ink, 4) + seats +
      person({ ...CAST.pat, x: 148, y: 388, s: 1.06, sit: 1, seat: 58, front: "lap", rear: "lap", coat: C.pine, top: C.pine1 }) + person({ ...CAST.kim, x: 492, y: 388, s: 1.06, face: -1, sit: 1, seat: 58, front: "lap", rear: "lap", hold: "paper", holdSize: 0.8 }) + plant(610, 404, 1.7) + person({ ...CAST.teacher, x: 330, y: 396, s: 1.02, top: C.pine, hair: C.h1, style: "bun", legs: C.ink, face: -1, front: "chest", hold: "book", nod: 4 });
  },
};
const ENDS = ` stroke-linecap="round" stroke-linejoin="round"`; // said once for a whole scene
const small = (svg) => svg.replaceAll(ENDS, "").replace(/\n\s*/g, "").replace(/([ ,(MLCQTVHmlcqvh-])0\.(?=\d)/g, "$1.").replace(/(\d) -/g, "$1-");
const scene = (name) => {
  FINE = 1;
  const drawn = SCENES[name]();
  FINE = 10;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 440" aria-hidden="true" focusable="false"${ENDS}>${small(drawn)}</svg>\n`;
};
