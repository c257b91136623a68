import { psiText } from "../../domain/gate/wording.ts";
import type { Digest } from "../../domain/notices/digest.ts";
import { firstLine } from "../../domain/words/text.ts";
import { formatTime } from "../../domain/words/time.ts";
import { sparkline } from "./text-bars.ts";

export interface DigestList {
  title: string;
  lines: string[];
  /** Number of items that are not among the lines. */
  more: number;
}

const SHOWN = 10;
const NAME = 28;

/** The lists of a digest as lines of a fixed width, for Slack, plain mail and the terminal. */
export function digestLists(digest: Digest): DigestList[] {
  const { sla, features, blocked, overrides, silent, totals } = digest;
  const names = [...sla, ...features, ...blocked, ...overrides, ...silent].map(({ pipeline_name }) => pipeline_name);
  const widest = Math.max(...[...names, ...features.map((row) => row.feature_name)].map((name) => [...name].length), 0);
  const fitted = (name: string) => fittedTo(name, Math.min(NAME, widest));
  const list = <T>(title: string, items: readonly T[], total: number, line: (item: T) => string): DigestList => ({
    title,
    lines: items.slice(0, SHOWN).map(line),
    more: Math.max(0, total - Math.min(items.length, SHOWN)),
  });
  return [
    list("SLA, the worst first", sla, totals.sla, (row) => {
      const rate = row.rate === null ? "no data" : `${row.rate.toFixed(2)} %`;
      const mark = row.state === "breaching" ? "✗" : row.state === "ok" ? "✓" : "·";
      const lowest = Math.min(row.target, ...row.days.filter((day) => day !== null)) - 1;
      return `${mark} ${fitted(row.pipeline_name)} ${rate.padStart(9)} of ${row.target} %  ${sparkline(row.days, lowest)}`;
    }),
    list("Features that drifted", features, totals.features, (row) => {
      const psi = row.psi === null ? row.verdict : `PSI ${psiText(row.psi, row.threshold)} (${row.threshold})`;
      return `${fitted(row.feature_name)} ${psi.padEnd(20)} ${row.pipeline_name}`;
    }),
    list("Blocked runs", blocked, totals.blocked, (row) => {
      return `${shortTime(row.at)} ${fitted(row.pipeline_name)} ${firstLine(row.detail ?? row.code ?? "")}`;
    }),
    list("Overrides used", overrides, totals.overrides, (row) => {
      return `${shortTime(row.created_at)} ${fitted(row.pipeline_name)} ${row.decision} by ${row.actor}: ${firstLine(row.reason)}`;
    }),
    list("Went silent", silent, totals.silent, (row) => {
      return `${fitted(row.pipeline_name)} last run ${shortTime(row.last_run_at)}`;
    }),
  ];
}

/** `11-20 02:00Z` */
export function shortTime(ms: number): string {
  return `${formatTime(ms).slice(5, 16).replace("T", " ")}Z`;
}

function fittedTo(name: string, width: number): string {
  const characters = [...name];
  return characters.length > width ? `${characters.slice(0, width - 1).join("")}…` : name.padEnd(width);
}
