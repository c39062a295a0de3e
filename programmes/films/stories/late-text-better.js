"use strict";

film("late-text-better", {
  title: "A late text: rewind",
  poster: 35,
  shots: [
    card("Rewind", "A late text: the same moment", { rewind: 1, says: "Rewind. A late text: the same moment." }),
    lightsUp(),
    {
      paint: phoneInHand({ name: "Pat", time: "11:41 pm", night: 1, said: [FROM_PAT], draft: { at: "@1", lines: ["You had it last. You never", "check anything. Don’t you", "dare blame me!!"], rests: "@2" }, thumb: [[0, 690, 470], ["@1", 600, 440], ["@1+1", 640, 450], ["@1+2", 590, 446], ["@1+3", 630, 440], ["@1+4", 600, 448], ["@2-0.4", 668, 424], ["@2+0.6", 672, 426], ["@2+1.8", 740, 520]] }),
      cam: [[0, 480, 270, 1], [14, 480, 264, 1.04]],
      says: [
        ["", "[Pat wrote: Noor forgot her PE kit AGAIN.]"],
        ["", "[Kim types the same sharp answer.]"],
        ["", "[Kim’s thumb stops. Kim does not send it.]", { wait: 1.4 }],
      ],
      rest: 1,
    },
    {
      place: "bed",
      set: (t, shot) => ({ phone: t > 1.5, down: 1, lit: 0 }),
      cam: [[0, 380, 300, 1.4], [4, 340, 310, 1.5]],
      d: 4,
      from: 0.5,
      says: [["", "[The phone goes face down.]"]],
      people: [{ who: "kim", layer: "back", nolegs: 1, sit: 1, seat: 56, x: 392, y: 476, face: -1, front: [0.4, 0.2], rear: "lap", nod: 8, hold: "phone", moves: [[0.4, { front: [0.98, 0.5], lean: 12 }, 1], [1.5, { hold: "" }, 0.01], [1.9, { front: "lap", lean: 0, nod: 4 }, 0.9]] }],
    },
    {
      place: "bed",
      set: (t, shot) => ({ asleep: 1, down: 1, moon: smooth(t / 5), day: smooth((t - 2.8) / 2.8), clock: t > 5 ? "7:05" : t > 3.4 ? "5:30" : "11:52" }),
      cam: [[0, 440, 290, 1.2], [7, 500, 276, 1.04]],
      d: 6.4,
      says: [["", "[Kim sleeps on it. The night goes by.]"]],
    },
    {
      place: "hall",
      set: { wall: "#f1eef8", beyond: "#f7e3c4" },
      cam: [[0, 400, 290, 1.12], [7, 390, 320, 1.4]],
      says: [["", "[Morning. The PE kit is in Kim’s hall, washed and folded.]"]],
      rest: 1.6,
      behind: () => rect(392, 420, 70, 10, C.wood3, 4) + line("M402 430l-6 44M452 430l6 44", C.wood3, 7) + at(424, 386, 1.08, THINGS.bag()),
      people: [{ who: "kim", x: 150, y: 494, moves: [[0.2, { x: 326 }, 2.2], [2.5, { nod: 14, lean: 4 }, 0.6], [2.9, { front: [0.62, 0.66] }, 0.7], [4.3, { front: [0.4, 0.24], hold: "phone", lit: "#e8ecff", lean: 0, nod: 10 }, 0.7]] }],
    },
    {
      paint: phoneInHand({ name: "Pat", time: "7:12 am", said: [["@0", "me", ["Morning. The PE kit is here.", "I can bring it to school", "by 8:30."]], ["@2", "me", ["Shall we keep a spare in", "each home?"]], ["@3", "me", ["Sorry my message last week", "was so sharp."]]], thumb: [[0, 690, 470], ["@0", 650, 450], ["@1", 620, 452], ["@2", 650, 446], ["@3", 626, 452], ["@3+1.4", 700, 474]] }),
      cam: [[0, 480, 270, 1], [18, 480, 264, 1.03]],
      says: [
        ["Kim writes", "Morning. The PE kit is here."],
        ["Kim writes", "I can bring it to school by 8:30."],
        ["Kim writes", "Shall we keep a spare in each home?"],
        ["Kim writes", "Sorry my message last week was so sharp."],
      ],
      rest: 0.3,
    },
    {
      paint: phoneInHand({ name: "Pat", time: "7:15 am", said: [[-1, "me", ["Shall we keep a spare in", "each home?"]], [-1, "me", ["Sorry my message last week", "was so sharp."]], ["@0", "them", ["Thanks. Yes to a spare."]]] }),
      d: 4,
      from: 0.5,
      says: [["Pat writes", "Thanks. Yes to a spare."]],
    },
    {
      place: "gate",
      cam: [[0, 460, 290, 1.1], [6, 520, 300, 1.22]],
      says: [["", "[Just before 8:30, Noor has her kit.]"]],
      d: 6,
      people: [
        { who: "noor", x: 640, y: 486, face: -1, pack: C.amb3, hold: "", front: "rest", moves: [[0, { x: 560 }, 1.2], [1.8, { front: [0.62, 0.4] }, 0.6], [2.7, { hold: "bag", front: [0.2, 0.86] }, 0.4], [3.3, { face: 1 }, 0.3], [3.5, { x: 660, y: 470, s: 1.18 }, 2.2]] },
        { who: "kim", x: 180, y: 494, hold: "bag", front: [0.3, 0.8], moves: [[0, { x: 430 }, 1.7], [1.8, { front: [0.8, 0.36] }, 0.6], [2.7, { hold: "" }, 0.01], [2.8, { front: "rest" }, 0.5], [3.8, { front: "wave" }, 0.5], [4.3, { front: [0.66, -0.58] }, 0.3], [4.7, { front: "wave" }, 0.3]] },
      ],
    },
    closing("The skill", "Put it right", ["Write it. Do not send it. Sleep.", "Send what helps your child.", "Say sorry for the last time."], "The skill: Put it right. Sleep on it, then help."),
  ],
});
