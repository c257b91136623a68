import { table } from "./table.mjs";

const COLUMNS = [
  { title: "drift from the two weeks before" },
  { title: "days judged", right: true },
  { title: "drifted", right: true },
  { title: "usual PSI", right: true },
  { title: "greatest PSI", right: true },
  { title: "on" },
];

/** `histories`: for each feature the verdicts on the days of the window, `{run_id, verdict, psi}`. */
export function driftTable(histories, { paint }) {
  const rows = Object.entries(histories).flatMap(([feature, verdicts]) => {
    const judged = verdicts.filter(({ psi }) => psi !== null).sort((a, b) => a.psi - b.psi);
    const worst = judged.at(-1);
    if (worst === undefined) return [];
    const drifted = judged.filter(({ verdict }) => verdict === "drifted").length;
    const colour = drifted > 0 ? paint.red : paint.green;
    return [
      [
        feature,
        judged.length,
        { text: String(drifted), paint: colour },
        judged[judged.length >> 1].psi.toFixed(3),
        { text: worst.psi.toFixed(3), paint: colour },
        worst.run_id,
      ],
    ];
  });
  return table(COLUMNS, rows, { paint });
}
