import type { Paint } from "../text/paint.ts";
import { table } from "../text/table.ts";

export interface SlaLine {
  pipeline_name?: string;
  check_name?: string;
  kind?: string;
  from?: string;
  to?: string;
  total: number;
  passed: number;
  excluded: number;
  /** A percentage; null: no data. */
  rate: number | null;
  state: string;
  target?: number;
}

const COLOUR: Readonly<Record<string, "green" | "red" | "yellow">> = {
  ok: "green",
  breaching: "red",
  no_data: "yellow",
};

/** Pipelines, and the checks of the one pipeline asked for. */
export function slaText(pipelines: readonly SlaLine[], checks: readonly SlaLine[], paint: Paint): string {
  const { kind, from = "", to = "" } = pipelines[0]!;
  const title = `${kind}, ${from.slice(0, 16)}Z to ${to.slice(0, 16)}Z`;
  const header = ["", "RATE", "TARGET", "PASSED", "OF", "STATE"].map((cell) => paint("bold", cell));
  const rows = [
    ...pipelines.map((row) => cells(row.pipeline_name!, row, paint)),
    ...checks.map((row) => cells(`  ${row.check_name}`, row, paint)),
  ];
  return `${title}\n${table([header, ...rows], [1, 2, 3, 4])}`;
}

function cells(name: string, { rate, target, passed, total, excluded, state }: SlaLine, paint: Paint): string[] {
  const aside = excluded > 0 ? ` (${excluded} excluded)` : "";
  return [
    name,
    rate === null ? "no data" : `${rate} %`,
    target === undefined ? "" : `${target} %`,
    String(passed),
    String(total),
    paint(COLOUR[state] ?? "magenta", state) + aside,
  ];
}
