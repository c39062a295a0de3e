"use strict";

// Heat rises with the first words, and goes with the breath.
const heatOf = (t, shot) => smooth((t - 0.6) / 2) * (1 - smooth((t - when(shot, "@1") - 0.4) / 2.6));

film("late-better", {
  title: "Late, in the rain: rewind",
  poster: 46.6,
  shots: [
    card("Rewind", "Late, in the rain: the same moment", { rewind: 1, says: "Rewind. Late, in the rain: the same moment." }),
    arriving(),
    {
      place: "door",
      cam: [[0, 650, 270, 1.9], [9, 664, 262, 2.2]],
      says: [
        ["", "[Jo feels the heat come up into the face.]"],
        ["", "[Jo says nothing yet, and breathes out.]", { wait: 0.6 }],
      ],
      rest: 1,
      under: (t, shot) => {
        const heat = heatOf(t, shot);
        return [74, 56, 40].map((r) => disc(674, 226, r + Math.sin(t * 3) * 2, C.coral, dim(heat * 0.26))).join("");
      },
      before: (t, shot) => {
        const out = t - when(shot, "@1") - 0.6;
        const face = disc(672, 230, 23, C.coral, dim(heatOf(t, shot) * 0.3));
        return face + [0, 1, 2].map((i) => line(`M${n(636 - i * 4 - out * 11)} ${240 + i * 9}q-9-5-18 0t-18 0`, C.card, 3, dim(clamp(Math.sin(clamp((out - i * 0.25) / 2.4) * Math.PI)) * 0.85))).join("");
      },
      people: [
        { who: "jo", layer: "inside", x: 676, y: 452, face: -1, front: [0.3, 0.7], moves: [[0.6, { y: 447, front: [0.3, 0.62], lean: 3 }, 1.2], ["@1+0.4", { y: 455, front: "rest", lean: -1, nod: 6 }, 2.2], ["@1+3", { nod: 0, y: 452 }, 0.8]] },
        { who: "sam", x: 400, y: 500 },
        { who: "maya", x: 556, y: 494, pack: C.pine3, nod: -8 },
      ],
    },
    {
      place: "door",
      cam: [[0, 590, 340, 1.4], [9, 600, 336, 1.46]],
      says: [
        ["jo", "Hello you. Tea’s ready."],
        ["", "[Maya gives Sam a wave and goes in.]"],
      ],
      rest: 0.4,
      people: [
        { who: "maya", layer: "inside", x: 590, y: 462, s: 1.24, hidden: 1, pack: C.pine3, moves: [["@1+1.3", { hidden: 0 }, 0.01], ["@1+1.3", { x: 744, y: 446, s: 1.16 }, 2.1], ["@1+3.1", { hidden: 1 }, 0.01]] },
        { who: "jo", layer: "inside", x: 690, y: 452, face: -1, moves: [[0, { lean: 14, nod: 12, front: [0.62, 0.5] }, 0.9], ["@1+1", { lean: 0, nod: 6, x: 664, front: "rest", face: 1 }, 1], ["@1+2.6", { face: -1, nod: 0 }, 0.6]] },
        { who: "sam", x: 400, y: 500, moves: [["@1+0.4", { front: "wave", nod: 5 }, 0.6], ["@1+2", { front: "rest" }, 0.6]] },
        { who: "maya", x: 556, y: 494, pack: C.pine3, nod: -8, moves: [["@0+1.4", { nod: 0 }, 0.4], ["@1", { face: -1, front: "wave" }, 0.4], ["@1+1", { face: 1, front: "rest" }, 0.3], ["@1+1", { x: 590, y: 466 }, 0.5], ["@1+1.3", { hidden: 1 }, 0.01]] },
      ],
    },
    {
      place: "door",
      cam: [[0, 545, 320, 1.36], [14, 540, 320, 1.46]],
      says: [
        ["jo", "Let’s talk about the times tomorrow, by message."],
        ["sam", "I’m 25 minutes late and I didn’t text. Sorry."],
        ["jo", "Thank you. Get home dry."],
      ],
      people: [
        { who: "jo", layer: "inside", x: 660, y: 452, face: -1, moves: [["@0", { front: [0.44, 0.56] }], ["@1", { front: [0.2, 0.7] }], ["@2-0.5", { nod: 9 }, 0.4], ["@2", { nod: 2 }, 0.4]] },
        { who: "sam", x: 400, y: 500, moves: [["@0+2", { nod: 7 }, 0.5], ["@1", { front: "chest", nod: 5 }, 0.5], ["@2+0.6", { front: "rest", nod: 0 }, 0.5]] },
      ],
    },
    {
      place: "window",
      cam: [[0, 520, 320, 1.3], [6, 480, 270, 1.04]],
      d: 6,
      says: [["", "[Maya waves to Sam from the window.]"], ["", "[Sam waves back.]"]],
      people: [
        { who: "maya", layer: "inside", view: "front", x: 624, y: 402, s: 1.9, rear: [-0.16, 0.8], moves: [[0.4, { front: [0.42, -0.75] }, 0.5], [1.2, { front: [0.66, -0.6] }, 0.35], [1.6, { front: [0.36, -0.78] }, 0.35], [2, { front: [0.66, -0.6] }, 0.35], [2.4, { front: [0.36, -0.78] }, 0.35], [2.9, { front: [0.6, -0.62] }, 0.4], [3.4, { front: [0.42, -0.75] }, 0.4]] },
        { who: "sam", layer: "near", view: "back", x: 250, y: 640, s: 1.9, front: [0.1, 0.94], rear: [-0.14, 0.94], moves: [["@1-0.6", { front: [0.5, -0.7] }, 0.7], ["@1+0.6", { front: [0.7, -0.5] }, 0.4], ["@1+1.1", { front: [0.46, -0.72] }, 0.4], ["@1+1.6", { front: [0.66, -0.56] }, 0.4]] },
      ],
    },
    closing("The skill", "Stop", ["Notice the heat. Breathe out.", "Look at your child first.", "Leave the rest for another time."], "The skill: Stop. Breathe out. Look at your child first."),
  ],
});
