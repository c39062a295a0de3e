"use strict";

// Ruth and Isaac wait outside the classroom; Dev comes along the corridor. The same in both films.
const turningUp = () => ({
  place: "corridor",
  set: { stand: -44 },
  cam: [[0, 560, 280, 1.08], [10, 500, 290, 1.12]],
  says: [
    ["", "[Ruth and Isaac wait outside the classroom.]"],
    ["", "[Dev comes too. Neither parent knew about the other.]"],
  ],
  rest: 0.5,
  people: [
    { who: "dev", x: -120, y: 490, moves: [["@1-0.6", { x: 300 }, 4]] },
    { who: "isaac", x: 706, y: 492, face: -1, hold: "drawing", front: [0.4, 0.5], moves: [[0.6, { face: 1 }, 0.4], [2.4, { face: -1 }, 0.4], ["@1+1.4", { front: [0.5, 0.2], nod: -5 }, 0.6]] },
    { who: "ruth", x: 560, y: 486, moves: [[1.2, { nod: 9 }, 0.6], ["@1", { nod: 0 }, 0.5], ["@1+1.8", { face: -1 }, 0.4], ["@1+2.2", { rear: [-0.3, 0.7], lean: -3 }, 0.5]] },
  ],
});

film("parents-evening-badly", {
  title: "Parents’ evening",
  poster: 17.6,
  shots: [
    card("Parents’ evening", "Thursday, 4:30 pm", { says: "Parents’ evening. Thursday, 4:30 pm." }),
    turningUp(),
    {
      place: "corridor",
      set: { stand: -44 },
      cam: [[0, 470, 300, 1.24], [16, 500, 304, 1.4]],
      says: [
        ["ruth", "Who told you about this?", { loud: 0.6 }],
        ["dev", "I don’t need your permission.", { loud: 0.6 }],
        ["ruth", "You never come. Why start now?", { loud: 0.7 }],
        ["dev", "Because nobody ever tells me anything!", { loud: 0.8 }],
      ],
      people: [
        { who: "isaac", x: 706, y: 492, face: -1, hold: "drawing", front: [0.5, 0.2], moves: [["@0+1.6", { front: [0.3, 0.62], nod: 6 }, 0.7], ["@2", { face: 1, nod: 10 }, 0.4], ["@2+0.6", { x: 752 }, 1.4]] },
        { who: "dev", x: 300, y: 490, moves: [["@0+1", { lean: -3 }, 0.5], ["@1", { lean: 3, rear: [-0.45, 0.5] }, 0.5], ["@2", { front: "cross", rear: [0.5, 0.42], lean: -3 }, 0.6], ["@3", { front: "open", rear: [-0.5, 0.4], lean: 5 }, 0.4]] },
        { who: "ruth", x: 560, y: 486, face: -1, moves: [["@0", { front: [0.66, 0.1], lean: 4, x: 540 }, 0.6], ["@1", { front: "cross", rear: [0.5, 0.42], lean: -2 }, 0.6], ["@2", { front: "point", rear: "back", lean: 4 }, 0.5], ["@3+0.5", { front: [0.3, 0.5], lean: -4 }, 0.6]] },
      ],
    },
    {
      place: "corridor",
      set: { room: 1, stand: -44 },
      cam: [[0, 600, 290, 1.4], [6, 660, 300, 1.5]],
      says: [["", "[The teacher opens the door, and looks at the floor.]"]],
      rest: 0.6,
      people: [
        { who: "teacher", layer: "back", x: 650, y: 462, face: -1, front: [0.3, 0.66], rear: [0.2, 0.66], moves: [[1.2, { nod: 20 }, 1.2]] },
        { who: "dev", x: 300, y: 490, front: "open", lean: 5 },
        { who: "ruth", x: 520, y: 486, face: -1, front: [0.3, 0.5], moves: [[0.8, { face: 1 }, 0.4], [2.4, { face: -1, front: "cross" }, 0.4]] },
        { who: "isaac", x: 890, y: 486, s: 1.16, face: -1, nod: 14, front: [0.3, 0.6] },
      ],
    },
    {
      place: "corridor",
      set: { room: 1, stand: -44 },
      cam: [[0, 740, 396, 1.9], [9, 760, 400, 2.25]],
      shade: [[0, 0.08], [6, 0.26]],
      says: [
        ["", "[Isaac goes behind the book stand.]"],
        ["dev", "You always leave me out!", { loud: 1 }],
        ["ruth", "Not here! Everybody can hear you.", { loud: 1 }],
        ["", "[Isaac rolls his drawing up small.]"],
      ],
      before: (t) => voicesAbove(t, 700, 2600, 300, 1, 170),
      people: [
        { who: "dev", quiet: 1, x: 560, y: 500, s: 1.42, lean: 3, front: [0.3, 0.24], rear: [-0.4, 0.4], gesture: "none" },
        { who: "ruth", quiet: 1, x: 716, y: 504, s: 1.36, face: -1, lean: 3, front: "cross", rear: [0.5, 0.42], gesture: "none" },
        { who: "isaac", x: 806, y: 486, s: 1.16, nod: 6, front: [0.36, 0.5], hold: "drawing", holdSize: 0.9, moves: [[0.3, { x: 904 }, 1.6], [2.1, { face: -1 }, 0.4], [2.8, { nod: 14, lean: 3 }, 1], ["@1", { nod: 22, lean: 6 }, 0.8], ["@3", { holdSize: 0.3, front: [0.1, 0.5] }, 1.4]] },
      ],
    },
    asking("What did Isaac see and hear?", "Think as Isaac, just for a moment.", "What did Isaac see and hear? Think as Isaac."),
  ],
});
