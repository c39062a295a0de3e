"use strict";

// Kim in bed, nearly asleep; the phone lights up; Kim takes it. The same in both films.
const lightsUp = () => ({
  place: "bed",
  set: (t, shot) => ({ lit: smooth((t - when(shot, "@1")) / 0.3), phone: t < when(shot, "@1") + 2.2 }),
  cam: [[0, 520, 280, 1.02], [9, 380, 300, 1.4]],
  says: [
    ["", "[Kim is in bed. It has been a long day.]"],
    ["", "[A message from Pat lights up the room.]"],
  ],
  rest: 1,
  people: [{ who: "kim", layer: "back", nolegs: 1, sit: 1, seat: 56, x: 392, y: 476, face: 1, lean: -4, front: "lap", rear: "lap", nod: 10, moves: [["@1+0.6", { face: -1, lean: 0 }, 0.3], ["@1+1.1", { front: [0.98, 0.5], lean: 12 }, 0.9], ["@1+2.2", { hold: "phone", lit: "#e8ecff" }, 0.01], ["@1+2.3", { front: [0.4, 0.2], lean: 0, nod: 12 }, 0.9]] }],
});
const FROM_PAT = ["@0-0.3", "them", ["Noor forgot her PE kit", "AGAIN"]];

film("late-text-badly", {
  title: "A late text",
  poster: 21.5,
  shots: [
    card("A late text", "Monday, 11:40 pm", { says: "A late text. Monday, 11:40 pm." }),
    lightsUp(),
    {
      paint: phoneInHand({ name: "Pat", time: "11:41 pm", night: 1, said: [FROM_PAT], draft: { at: "@1", lines: ["You had it last. You never", "check anything. Don’t you", "dare blame me!!"], sent: "@2+0.4" }, thumb: [[0, 690, 470], ["@1", 600, 440], ["@1+1", 640, 450], ["@1+2", 590, 446], ["@1+3", 630, 440], ["@1+4", 600, 448], ["@2-0.3", 660, 430], ["@2+0.2", 668, 410], ["@2+1", 700, 470]] }),
      cam: [[0, 480, 270, 1], [14, 480, 260, 1.06]],
      says: [
        ["", "[Pat wrote: Noor forgot her PE kit AGAIN.]"],
        ["", "[Kim types: You never check anything. Don’t you dare blame me!!]"],
        ["", "[Kim presses send.]", { wait: 0.4 }],
      ],
      rest: 1,
    },
    {
      place: "lounge",
      set: { night: 1, wall: "#d9cfe0", sofa: "#7f79b8" },
      cam: [[0, 480, 280, 1.05], [12, 430, 310, 1.7]],
      shade: [[0, 0.12], [10, 0.3]],
      says: [
        ["", "[In the other home, Noor, 14, cannot sleep.]"],
        ["", "[Pat’s phone lights up beside her.]"],
        ["", "[She reads every word.]"],
      ],
      rest: 2.6,
      before: (t, shot) => {
        const lit = smooth((t - when(shot, "@1")) / 0.3);
        return (lit ? [130, 90, 52].map((r) => oval(500, 352, r, r * 0.7, "#eef1ff", dim(0.2 * lit))).join("") : "") + `<g>${rect(472, 366, 64, 9, C.ink, 4)}${rect(477, 365, 54, 4, lit > 0.3 ? "#eef1ff" : "#39494a", 2)}</g>`;
      },
      people: [{ who: "noor", x: 372, y: 458, s: 1.26, sit: 1, seat: 68, front: "lap", rear: "lap", nod: 6, moves: [["@1+0.6", { nod: 10 }, 0.5], ["@1+1.4", { lean: 15, nod: 22 }, 1], ["@2+1.6", { nod: 26, lean: 8, front: [0.2, 0.44], rear: [0.42, 0.36] }, 1.4]] }],
    },
    {
      place: "lounge",
      set: { night: 1, wall: "#d9cfe0", sofa: "#7f79b8" },
      cam: [[0, 400, 310, 1.7], [6, 380, 300, 1.9]],
      shade: [[0, 0.3], [5, 0.42]],
      says: [["", "[She puts the phone back, just as it was.]"], ["", "[She tells nobody.]"]],
      rest: 1.2,
      before: () => rect(472, 366, 64, 9, C.ink, 4) + rect(477, 365, 54, 4, "#39494a", 2),
      people: [{ who: "noor", x: 372, y: 458, s: 1.26, sit: 1, seat: 68, front: [0.7, 0.66], rear: "lap", nod: 24, lean: 14, moves: [[0.8, { front: [0.2, 0.44], rear: [0.42, 0.36], lean: 4 }, 1.2], ["@1", { nod: 30, lean: 9 }, 1.4]] }],
    },
    asking("What did Noor read that night?", "Think as Noor, just for a moment.", "What did Noor read that night? Think as Noor."),
  ],
});
