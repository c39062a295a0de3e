"use strict";

// Sam and Maya come along the path, late; the door opens. The same in both films.
const arriving = (rest) => ({
  place: "door",
  set: (t, shot) => ({ open: smooth((t - when(shot, "@1") - 0.2) / 0.9) }),
  cam: [[0, 480, 290, 1.04], [9, 520, 310, 1.16]],
  says: [
    ["", "[Handover was at 5:15. Sam did not send a message.]"],
    ["", "[Jo opens the door.]"],
  ],
  people: [
    { who: "jo", layer: "inside", x: 676, y: 452, face: -1, front: "rest", moves: [["@1+0.6", { front: [0.3, 0.7] }]] },
    { who: "sam", x: -90, y: 500, front: [0.3, 0.85], lean: 5, moves: [[0, { x: 400 }, 4.6], [4.6, { lean: 0 }]] },
    { who: "maya", x: -10, y: 494, pack: C.pine3, lean: 5, moves: [[0.1, { x: 556 }, 4.6], [4.7, { lean: 0 }]] },
  ],
  ...rest,
});

film("late-badly", {
  title: "Late, in the rain",
  poster: 13.5,
  shots: [
    card("Late, in the rain", "Friday, 5:40 pm", { says: "Late, in the rain. Friday, 5:40 pm." }),
    arriving(),
    {
      place: "door",
      cam: [[0, 540, 320, 1.3], [14, 570, 318, 1.48]],
      says: [
        ["jo", "You’re always late.", { loud: 0.6 }],
        ["jo", "You only ever think of yourself.", { loud: 0.6 }],
        ["sam", "The traffic was awful. Try sitting in that.", { loud: 0.6 }],
        ["sam", "And who changed the times? You and your new job.", { loud: 0.7 }],
      ],
      people: [
        { who: "jo", layer: "inside", x: 676, y: 452, face: -1, front: [0.3, 0.7], moves: [["@0", { front: "point", lean: 4 }, 0.5], ["@1", { front: [0.8, -0.12] }, 0.4], ["@2", { front: [0.36, 0.46], rear: [0.2, 0.5], lean: -3 }, 0.6], ["@3+0.8", { front: "cross", rear: [0.5, 0.42] }, 0.5]] },
        { who: "sam", x: 400, y: 500, moves: [["@0+0.9", { lean: -4 }, 0.6], ["@2", { lean: 3, front: "open", rear: [-0.5, 0.4] }, 0.5], ["@3", { front: [0.46, 0.04], lean: 6, rear: "back" }, 0.5]] },
        { who: "maya", x: 556, y: 494, pack: C.pine3, nod: 2, moves: [["@0+0.6", { nod: -14 }, 0.6], ["@2", { face: -1, nod: -10 }, 0.5], ["@3+0.4", { nod: 16 }, 0.8]] },
      ],
    },
    {
      place: "door",
      cam: [[0, 548, 410, 2.2], [12, 548, 412, 2.5]],
      shade: [[0, 0.06], [8, 0.24]],
      says: [
        ["jo", "Don’t you dare start on my job!", { loud: 1 }],
        ["sam", "You started it. You always do!", { loud: 1 }],
        ["", "[Both voices go over Maya’s head.]"],
        ["", "[Maya holds her bag tight.]"],
      ],
      before: (t) => voicesAbove(t, 462, 634, 326, 1, 80),
      people: [
        { who: "jo", layer: "main", quiet: 1, x: 706, y: 474, s: 1.3, face: -1, lean: 7, front: [0.7, 0.02] },
        { who: "sam", quiet: 1, x: 388, y: 500, lean: 7, front: [0.62, 0.16] },
        { who: "maya", layer: "near", x: 548, y: 500, view: "front", hug: "bag", front: [-0.22, 0.5], rear: [0.3, 0.56], nod: 0, moves: [[1, { nod: 5 }], ["@1", { nod: -5 }], ["@2", { nod: 12, lean: 2 }, 1.2]] },
      ],
    },
    {
      d: 4.4,
      cam: [[0, 480, 260, 1], [5, 480, 290, 1.12]],
      says: [["", "[She looks down at the puddles.]"]],
      paint: (t) =>
        rect(0, 0, 960, 540, "#b8b2b8") + path("M0 0h960v60H0z", "#a49fae") + path("M600 0h220l90 540H520z", LAMPLIGHT, dim(0.28)) + oval(470, 330, 400, 158, "#8f93ba") + oval(470, 338, 366, 134, "#a3a6cd") + path("M560 220c60 6 120 20 150 48l-24 154c-60 24-120 30-170 30z", LAMPLIGHT, dim(0.55)) +
        path("M330 214c-10 80-14 130-6 178 30 6 60 8 92 6 14-60 14-110 8-182z", C.coral, dim(0.4)) + oval(368, 410, 56, 40, C.s3, dim(0.42)) + path("M312 414c-2 50 112 50 112 0-10 20-100 22-112 0z", C.h1, dim(0.42)) +
        path("M316 0h60l6 150h-70z", C.dusk) + path("M404 0h60l4 150h-68z", C.dusk) + path("M296 206c-4-44 10-66 24-72h58c6 18 8 46 6 72z", C.clay) + path("M400 134h64c16 8 28 30 24 72h-84c-4-22-6-50-4-72z", C.clay) + rect(294, 198, 92, 14, "#8d4030", 6) + rect(402, 198, 90, 14, "#8d4030", 6) +
        ripples(600, 330, 330, t) + ripples(240, 350, 260, t, 0.3) + ripples(470, 420, 300, t, 0.7) + rain(t, 40),
    },
    {
      place: "hall",
      set: (t) => ({ wall: C.dusk1, beyond: "#9795c0", inside: rain(t, 40).replace("<path", '<path clip-path="inset(0)"') + person({ ...CAST.jo, view: "back", x: 190, y: 474, s: 1.22, front: "open", lean: Math.sin(t * 2) }) }),
      cam: [[0, 400, 300, 1.1], [6, 600, 250, 1.16]],
      shade: [[0, 0.1], [5, 0.3]],
      says: [["", "[Maya goes upstairs without a word.]"], ["", "[Behind her, the voices go on.]"]],
      d: 7.2,
      before: (t) => voicesAbove(t, 268, 2000, 250, 0.8, 130),
      people: [{ who: "maya", climb: 1, x: 330, y: 488, pack: C.pine3, nod: 14, moves: [[0, { x: 470, y: 474 }, 1.6], [1.2, { s: 1.06 }, 1], [1.6, { x: 880, y: 150 }, 5.6]] }],
    },
    asking("What did Maya see and hear?", "Think as Maya, just for a moment.", "What did Maya see and hear? Think as Maya."),
  ],
});
