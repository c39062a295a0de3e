"use strict";

// The sheet on the table, from above: three ways, tried one by one.
const threeWays = (t, shot) => {
  const written = (i) => smooth((t - 0.7 - i * 1.1) / 0.7);
  const way = (i, text, more) => {
    const y = 158 + i * 92, k = written(i);
    return `<g opacity="${n2(k)}">${disc(286, y, 23, C.dusk1)}${words(286, y + 10, 28, String(i + 1), C.dusk, HEAVY + MIDDLE)}${words(326, y + 10, 31, text, C.ink, PLAIN)}</g>${more || ""}`;
  };
  const camp = smooth((t - when(shot, "@1") - 0.8) / 0.6), drive = smooth((t - when(shot, "@2") - 0.8) / 0.6), pick = smooth((t - when(shot, "@3") - 0.4) / 0.8);
  const ball = at(748, 158, 1, disc(0, 0, 21, C.card), `<circle r="21" fill="none" stroke="${C.ink}" stroke-width="3"/>`, path("M0-9l9 6.500-3.500 10.500h-11L-9-2.500z", C.ink), line("M0-9v-11M9-2.500l10-4M5.500 8l6 9M-5.500 8l-6 9M-9-2.500l-10-4", C.ink, 2.5));
  const car = at(744, 344, 1, path("M-30 6v-12q0-5 6-6l8-2 8-12h20l10 12q8 1 8 8v12z", C.coral), path("M-8-15l5-8h14l7 8z", C.amb1), disc(-16, 8, 7, C.ink), disc(16, 8, 7, C.ink));
  const hands = track(shot, [[0, 400, 200], [1.4, 560, 190], [2.4, 560, 280], [3.6, 560, 370], ["@1", 640, 300], ["@1+1", 730, 236], ["@2", 720, 330], ["@2+1", 740, 410], ["@3", 660, 330], ["@3+0.9", 760, 300], ["@4", 640, 500], ["@4+1.4", 720, 460], ["@4+2.6", 1000, 700]], t);
  return (
    rect(0, 0, 960, 540, C.wood) + path("M0 90h960M0 250h960M0 420h960", "none", ` stroke="${C.wood2}" stroke-width="4" opacity=".4"`) + disc(120, 120, 62, C.dusk) + disc(120, 120, 48, "#6b4630") + line("M180 110q26 10 0 34", C.dusk, 13) +
    `<g transform="rotate(-1.5 480 270)">${rect(228, 34, 572, 560, C.card, 6)}${words(268, 96, 34, "Early August: three ways", C.pineD, HEAVY)}
    ${rect(252, 217, 528, 66, C.pine1, 14, dim(pick))}${way(0, "A week each, Tunde first")}${way(1, "A week each, Carys first")}${way(2, "Change every three days")}
    <g opacity="${n2(camp)}">${ball}</g><g opacity="${n2(drive)}">${car}</g>
    ${camp ? line(`M326 158h${n(330 * smooth((t - when(shot, "@1") - 1.6) / 0.8))}`, C.clay, 3, dim(camp * 0.8)) : ""}${drive ? line(`M326 344h${n(318 * smooth((t - when(shot, "@2") - 1.6) / 0.8))}`, C.clay, 3, dim(drive * 0.8)) : ""}
    ${pick ? line("M732 248l14 14 26-30", C.pine, 7, ` stroke-dasharray="64" stroke-dashoffset="${n(64 * (1 - pick))}"`) : ""}
    <g opacity="${n2(smooth((t - when(shot, "@4") - 0.3) / 0.8))}">${words(268, 424, 29, "Look again: 1 July", C.dusk, HEAVY)}</g></g>` +
    line(`M1010 560L${n(hands[0] + 62)} ${n(hands[1] + 66)}`, CAST.carys.top, 74) + disc(hands[0] + 38, hands[1] + 44, 36, CAST.carys.skin) + line(`M${n(hands[0])} ${n(hands[1])}l40 34`, C.coral, 11) + line(`M${n(hands[0] - 4)} ${n(hands[1] - 3)}l6 5`, C.ink, 6)
  );
};
// Evening: both at their own tables, the phone on the table between the papers.
const atTable = (who, place, face, more) => ({
  place,
  set: { night: 1, chairs: face > 0 ? 1 : 2, onTable: path("M430 386l10-22h62l4 22z", C.card) + line("M448 372h36M446 379h40", C.pine3, 3) + path("M536 386l6-14h26l4 14z", C.ink) + path("M543 382l3-7h19l2 7z", "#cfd8ff") },
  see: face > 0 ? 196 : 304,
  people: [{ who, layer: "back", table: 1, face, x: face > 0 ? 312 : 648, y: 488, sit: 1, seat: 60, front: [0.66, 0.36], rear: [0.56, 0.46], nod: 6, ...more }],
});

film("summer-dates-better", {
  title: "Summer dates: rewind",
  poster: 57,
  shots: [
    card("Rewind", "Summer dates: the same moment", { rewind: 1, says: "Rewind. Summer dates: the same moment." }),
    theCall(),
    {
      paint: sideBySide(
        atHome("carys", "kitchen", { person: { face: 1, moves: [[0.2, { face: -1, nod: 6 }, 0.3], [1.4, { face: 1, nod: 0 }, 0.3], ["@0", { rear: [0.4, 0.5] }, 0.6], ["@1", { rear: "rest", nod: 4 }, 0.5]] } }),
        atHome("tunde", "flat", { person: { face: -1, moves: [["@0+1", { nod: 5 }, 0.5], ["@1", { rear: [0.4, 0.5], nod: 2 }, 0.5]] } }),
      ),
      says: [
        ["carys", "Can I ring you at eight? The kids can hear us.", { wait: 1 }],
        ["tunde", "Yes, good idea. Eight it is."],
      ],
    },
    {
      paint: sideBySide(
        atTable("carys", "kitchen", 1, { moves: [["@0", { front: "chest", nod: 2 }, 0.6], ["@1", { front: [0.6, 0.2], nod: 0 }, 0.6], ["@2", { front: [0.66, 0.4], nod: 8 }, 0.6], ["@3", { lean: 3 }, 0.6]] }),
        atTable("tunde", "flat", -1, { moves: [["@0+0.6", { nod: 9 }, 0.6], ["@2", { front: "chest", nod: 2 }, 0.6], ["@3", { front: [0.6, 0.3] }, 0.6]] }),
      ),
      says: [
        ["carys", "I need a week by the sea with my mum.", { wait: 0.4 }],
        ["carys", "What do you need?"],
        ["tunde", "My brother flies in on the 8th of August."],
        ["tunde", "I’d love them to see him."],
      ],
    },
    {
      paint: threeWays,
      cam: [[0, 480, 270, 1], [20, 490, 262, 1.05]],
      from: 0.6,
      says: [
        ["", "[They each write down the same three ways.]"],
        ["tunde", "Joss has football camp near me in week two."],
        ["carys", "And Ella sleeps badly after long drives."],
        ["tunde", "So a week each. You go first."],
        ["carys", "Yes. Let’s look at it again on the 1st of July."],
      ],
      rest: 1.2,
    },
    {
      place: "kitchen",
      set: { night: 0, onTable: path("M400 388v-22h20v22z", C.coral) + oval(500, 384, 26, 6, C.card) + oval(500, 382, 18, 3.5, C.amb3) },
      cam: [[0, 560, 290, 1.1], [7, 620, 290, 1.26]],
      says: [["", "[In the morning the plan is on the wall.]"], ["", "[Now Ella and Joss can see where they will be.]"]],
      d: 6.5,
      behind: () => at(744, 190, 1, rect(6, 21, 82, 22, "none", 5, ` stroke="${C.coral}" stroke-width="4"`)),
      people: [
        { who: "joss", layer: "back", table: 1, x: 312, y: 488, sit: 1, seat: 62, front: [0.7, 0.4], rear: [0.6, 0.46], nod: 4, moves: [["@1", { nod: -4 }, 0.6]] },
        { who: "carys", x: 646, y: 490, front: [0.5, -0.12], nod: -4, moves: [["@1", { nod: 9, front: "rest" }, 0.7]] },
        { who: "ella", x: 806, y: 498, s: 1.16, face: -1, hold: "bear", front: [0.3, 0.5], nod: -12, moves: [["@1+0.3", { front: [0.42, -0.8], nod: -18 }, 0.9]] },
      ],
    },
    closing("The skill", "Work it out", ["Say what you need. Ask what they need.", "Write three ways. Test each one on the children.", "Pick one, and a day to look again."], "The skill: Work it out. Three ways, then pick one."),
  ],
});
