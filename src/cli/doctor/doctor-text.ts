import type { Paint } from "../text/paint.ts";
import { table } from "../text/table.ts";
import type { Finding } from "./finding.ts";

const COLOUR = { ok: "green", warn: "yellow", bad: "red" } as const;

export function doctorText(findings: readonly Finding[], paint: Paint): string {
  const rows = findings.flatMap(({ state, check, detail, mend }) => [
    [paint(COLOUR[state], state), check, detail],
    ...(mend === undefined ? [] : [["", "", `→ ${mend}`]]),
  ]);
  return `${table(rows)}\n\n${summary(findings)}`;
}

function summary(findings: readonly Finding[]): string {
  const count = (state: Finding["state"]) => findings.filter((one) => one.state === state).length;
  const [wrong, doubtful] = [count("bad"), count("warn")];
  if (wrong + doubtful === 0) return "All is well.";
  const parts = [
    ...(wrong === 0 ? [] : [wrong === 1 ? "1 thing is wrong" : `${wrong} things are wrong`]),
    ...(doubtful === 0 ? [] : [doubtful === 1 ? "1 is worth a look" : `${doubtful} are worth a look`]),
  ];
  return `${parts.join(", ")}.`;
}
