"use strict";

film("parents-evening-better", {
  title: "Parents’ evening: rewind",
  poster: 61.5,
  shots: [
    card("Rewind", "Parents’ evening: the same moment", { rewind: 1, says: "Rewind. Parents’ evening: the same moment." }),
    turningUp(),
    {
      place: "corridor",
      set: { stand: -44 },
      cam: [[0, 480, 300, 1.24], [14, 480, 300, 1.36]],
      says: [
        ["", "[Ruth stops. She looks at Isaac, then at Dev.]"],
        ["ruth", "I didn’t know you’d be here."],
        ["ruth", "I’d like us both to hear this. Shall we go in together?"],
      ],
      people: [
        { who: "isaac", x: 706, y: 492, face: -1, hold: "drawing", front: [0.5, 0.2], nod: -4, moves: [["@2!", { face: 1, front: [0.3, 0.62] }, 0.3], ["@2!+0.2", { x: 712 }, 0.7]] },
        { who: "dev", x: 300, y: 490, moves: [["@1+0.4", { nod: 4 }, 0.5], ["@2+1.6", { lean: -1, nod: 0, front: [0.26, 0.7] }, 0.6]] },
        { who: "ruth", x: 560, y: 486, face: -1, moves: [[0.6, { face: 1, nod: 9 }, 0.4], [2.4, { face: -1, nod: 0 }, 0.4], ["@1", { front: [0.4, 0.5] }, 0.5], ["@2", { front: "offer" }, 0.6], ["@2!", { front: [0.2, 0.8] }, 0.5]] },
      ],
    },
    {
      place: "corridor",
      set: { stand: -44 },
      cam: [[0, 430, 300, 1.36], [16, 430, 300, 1.5]],
      says: [
        ["dev", "I only found out from Isaac. I felt left out."],
        ["ruth", "You heard it from Isaac, and you felt left out."],
        ["ruth", "Did I get that right?"],
        ["dev", "Yes. Thank you."],
      ],
      people: [
        { who: "isaac", x: 712, y: 488, hold: "drawing", front: [0.3, 0.62], moves: [["@1", { nod: -8 }, 0.6], ["@2", { nod: 6 }, 0.8]] },
        { who: "dev", x: 300, y: 490, moves: [["@0", { front: "chest", nod: 5 }, 0.6], ["@1", { front: [0.2, 0.7], nod: 0 }, 0.6], ["@2+0.6", { nod: 6 }, 0.4], ["@3", { nod: 2, front: [0.36, 0.6] }, 0.4]] },
        { who: "ruth", x: 545, y: 486, face: -1, moves: [["@0+0.8", { nod: 7, lean: 2 }, 0.6], ["@0+2.2", { nod: 2 }, 0.5], ["@0+3", { nod: 7 }, 0.4], ["@1", { nod: 0, front: [0.5, 0.44], lean: 0 }, 0.5], ["@3", { front: "rest", nod: 4 }, 0.5]] },
      ],
    },
    {
      place: "corridor",
      set: (t, shot) => ({ stand: -44, room: t > when(shot, "@1!") ? 1 : 0 }),
      cam: [[0, 520, 296, 1.24], [14, 560, 296, 1.3]],
      says: [
        ["ruth", "Let’s ask the school to send both of us the dates."],
        ["dev", "Good. I’ll write to the office tonight."],
        ["", "[The teacher asks them all in.]"],
      ],
      people: [
        { who: "teacher", layer: "back", hidden: 1, x: 664, y: 462, face: -1, front: [0.3, 0.66], moves: [["@1!", { hidden: 0 }, 0.01], ["@1!", { front: "offer", nod: 4 }, 0.7]] },
        { who: "isaac", x: 716, y: 492, face: -1, hold: "drawing", front: [0.5, 0.24], nod: -4, moves: [["@2+0.4", { face: 1 }, 0.3], ["@2+0.8", { x: 700, y: 488, face: -1 }, 0.5]] },
        { who: "dev", x: 300, y: 490, moves: [["@1", { front: [0.46, 0.5] }, 0.5], ["@1!", { front: "rest" }, 0.5], ["@2+0.5", { x: 400 }, 1.6]] },
        { who: "ruth", x: 520, y: 486, face: -1, moves: [["@1!", { face: 1 }, 0.5], ["@2+0.6", { x: 548, y: 480 }, 0.8]] },
      ],
    },
    {
      place: "classroom",
      cam: [[0, 480, 290, 1.14], [9, 520, 310, 1.3]],
      says: [
        ["isaac", "Look. I drew both my homes."],
        ["", "[They look at it together.]"],
      ],
      rest: 1.4,
      behind: () => chair(268, 496, 1.2) + chair(376, 486, 1.16),
      people: [
        { who: "ruth", layer: "back", x: 384, y: 484, s: 1.2, sit: 1, front: "lap", rear: "lap", nod: 3, moves: [["@0", { lean: 7, nod: 9 }, 1], ["@1", { front: [0.6, 0.4] }, 0.6]] },
        { who: "dev", layer: "back", x: 272, y: 494, s: 1.26, sit: 1, front: "lap", rear: "lap", moves: [["@0+0.3", { lean: 9, nod: 8 }, 1]] },
        { who: "teacher", layer: "back", x: 820, y: 470, s: 1.16, face: -1, front: "chest", moves: [["@0", { nod: 8 }, 0.8]] },
        { who: "isaac", x: 640, y: 500, face: -1, hold: "drawing", holdSize: 1.5, front: [0.4, 0.5], gesture: "none", moves: [[0.6, { front: [0.62, 0.12] }, 0.8]] },
      ],
    },
    closing("The skill", "Talk it out", ["Speak for yourself: “I felt left out.”", "Say back what you heard.", "Ask: did I get that right?"], "The skill: Talk it out. Say back what you heard."),
  ],
});
