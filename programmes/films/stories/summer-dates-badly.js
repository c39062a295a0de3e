"use strict";

// A Tuesday in spring: Carys on the phone in her kitchen, Joss at the table, Tunde at home.
const SUMMER = {
  carys: { who: "carys", x: 724, y: 492, face: -1, front: "ear", hold: "phone", gesture: "rear", rear: "back" },
  joss: { who: "joss", layer: "back", table: 1, x: 312, y: 488, sit: 1, seat: 62, front: [0.72, 0.42], rear: [0.6, 0.48], hold: "pen", nod: 12, lean: 4 },
  tunde: { who: "tunde", x: 470, y: 492, front: "ear", hold: "phone", gesture: "rear", rear: "back" },
  homework: path("M428 386l10-22h56l-2 22z", C.card) + path("M442 380l4-10h30", "none", ` stroke="${C.pine3}" stroke-width="3"`) + path("M540 388v-20h18v20z", C.dusk),
};
const theCall = () => ({
  place: "kitchen",
  set: { night: 0, onTable: SUMMER.homework },
  cam: [[0, 480, 280, 1.02], [9, 500, 290, 1.14]],
  says: [
    ["", "[Carys and Tunde both want the first two weeks of August.]"],
    ["", "[Joss does homework. Carys is on the phone to Tunde.]"],
  ],
  rest: 0.4,
  people: [{ ...SUMMER.joss, moves: [[2, { nod: 16 }, 1], [5, { nod: 9 }, 0.8]] }, { ...SUMMER.carys, x: 980, moves: [[0, { x: 724 }, 2.8]] }],
});
const atHome = (who, place, more = {}) => ({ place, set: { table: 0, chairs: 0, ...more.set }, people: [{ ...SUMMER[who], x: 480, s: 2, y: 652, ...more.person }], see: 242 });

film("summer-dates-badly", {
  title: "Summer dates",
  poster: 37.5,
  shots: [
    card("Summer dates", "A Tuesday in May, 6:15 pm", { says: "Summer dates. A Tuesday in May, 6:15 pm." }),
    theCall(),
    {
      paint: sideBySide(
        atHome("carys", "kitchen", { person: { face: 1, moves: [["@0", { rear: [0.5, 0.3] }, 0.5], ["@1", { nod: -4, rear: "hips" }, 0.5], ["@3", { rear: [0.6, 0.1], lean: 3 }, 0.5]] } }),
        atHome("tunde", "flat", { person: { face: -1, moves: [["@1", { rear: [0.5, 0.3], lean: 3 }, 0.5], ["@2", { rear: [0.62, 0.05] }, 0.5], ["@3", { rear: "hips", nod: -4 }, 0.5]] } }),
      ),
      says: [
        ["carys", "I’ve paid already. It’s booked.", { loud: 0.6 }],
        ["tunde", "You booked it without asking me?", { loud: 0.7 }],
        ["tunde", "You always do this.", { loud: 0.7 }],
        ["carys", "Because you never make up your mind!", { loud: 0.9 }],
      ],
    },
    {
      place: "kitchen",
      set: { onTable: SUMMER.homework },
      cam: [[0, 500, 300, 1.24], [9, 440, 320, 1.44]],
      says: [
        ["carys", "Joss, tell your dad it’s settled.", { loud: 0.6, wait: 0.6 }],
        ["", "[Joss looks down. The pen stops.]"],
      ],
      rest: 1,
      people: [
        { ...SUMMER.joss, moves: [["@0+0.5", { nod: 0, lean: 0 }, 0.5], ["@1", { nod: 24, lean: 7 }, 1]] },
        { ...SUMMER.carys, gesture: "none", moves: [[0.2, { x: 650 }, 1], ["@0-0.2", { front: [0.72, 0.1], lean: 4 }, 0.7]] },
      ],
    },
    {
      place: "hall",
      set: { wall: C.dusk1 },
      cam: [[0, 430, 300, 1.1], [11, 560, 330, 1.9]],
      shade: [[0, 0.05], [9, 0.26]],
      says: [
        ["carys", "Then nobody goes anywhere!", { loud: 1 }],
        ["", "[Ella sits on the stairs. She hears it all.]"],
        ["", "[She holds her bear, and makes herself small.]"],
      ],
      before: (t) => voicesAbove(t, 268, 2400, 270, 1, 260),
      people: [
        { ...SUMMER.carys, layer: "inside", x: 176, y: 474, s: 1.14, face: -1, moves: [["@0", { rear: [0.55, 0.1] }, 0.4], ["@1+1", { face: 1 }, 0.4], ["@2", { face: -1 }, 0.4]] },
        { who: "ella", x: 651, y: 362, s: 1.26, face: -1, sit: 1, seat: 20, front: [0.46, 0.42], rear: [0.4, 0.5], nod: 4, hold: "bear", moves: [["@1", { nod: 18, lean: 6 }, 1.2], ["@2", { nod: 26, lean: 13, front: [0.34, 0.3], rear: [0.34, 0.34] }, 1.4]] },
      ],
    },
    asking("What did Joss and Ella hear?", "Think as one of them, just for a moment.", "What did Joss and Ella hear? Think as one of them."),
  ],
});
