import { MappingType, SpecialValueMatch, type ValueMapping } from "@grafana/grafana-foundation-sdk/dashboard";
import { COLOURS } from "./colours.ts";

/** A state has a number (Grafana's timelines and sorting want one; the worst is the greatest), a word and a colour. */
export interface State {
  readonly code: number;
  readonly text: string;
  readonly color: string;
}

type States = Readonly<Record<string, State>>;

export const GATE = {
  pass: { code: 1, text: "pass", color: COLOURS.good },
  warn: { code: 2, text: "warn", color: COLOURS.attention },
  pending: { code: 3, text: "pending", color: COLOURS.light },
  unknown: { code: 4, text: "unknown", color: COLOURS.unknown },
  block: { code: 5, text: "block", color: COLOURS.act },
} as const satisfies States;

/** `idle` is what is between two runs. */
export const RUN = {
  idle: { code: 0, text: "idle", color: COLOURS.none },
  success: { code: 1, text: "success", color: COLOURS.good },
  skipped: { code: 2, text: "skipped", color: COLOURS.quiet },
  cancelled: { code: 3, text: "cancelled", color: COLOURS.unknown },
  started: { code: 4, text: "running", color: COLOURS.light },
  retrying: { code: 5, text: "retrying", color: COLOURS.attention },
  failed: { code: 6, text: "failed", color: COLOURS.act },
} as const satisfies States;

export const LAST_RUN = {
  ok: { code: 0, text: "success", color: COLOURS.good },
  none: { code: 1, text: "none ended", color: COLOURS.unknown },
  failed: { code: 2, text: "failed", color: COLOURS.act },
} as const satisfies States;

export const VERDICT = {
  stable: { code: 1, text: "stable", color: COLOURS.good },
  no_reference: { code: 2, text: "no reference", color: COLOURS.quiet },
  inconclusive: { code: 3, text: "inconclusive: too few rows", color: COLOURS.attention },
  no_data: { code: 4, text: "no data", color: COLOURS.unknown },
  errored: { code: 5, text: "does not fit its reference", color: COLOURS.unknown },
  drifted: { code: 6, text: "drifted", color: COLOURS.act },
} as const satisfies States;

export const LEASE = {
  other: { code: 0, text: "another's", color: COLOURS.quiet },
  held: { code: 1, text: "held", color: COLOURS.good },
} as const satisfies States;

/** Shows each code as its word in its colour, and nothing as "no data". */
export function codeMappings(states: States): ValueMapping[] {
  const options = Object.fromEntries(
    Object.values(states).map(({ code, text, color }, index) => [String(code), { text, color, index }]),
  );
  return [{ type: MappingType.ValueToText, options }, NO_DATA];
}

/** The same for the word itself as it is stored. */
export function wordMappings(states: States): ValueMapping[] {
  const options = Object.fromEntries(
    Object.entries(states).map(([word, { text, color }], index) => [word, { text, color, index }]),
  );
  return [{ type: MappingType.ValueToText, options }, NO_DATA];
}

/** Nothing is never green. */
export function noData(text = "no data"): ValueMapping {
  const result = { text, color: COLOURS.unknown };
  return { type: MappingType.SpecialValue, options: { match: SpecialValueMatch.NullAndNan, result } };
}

export const NO_DATA = noData();

/** SQL that turns a status or verdict into its code. */
export function codeOf(states: States, column: string): string {
  const cases = Object.entries(states).map(([word, { code }]) => `WHEN '${word}' THEN ${code}`);
  return `CASE ${column} ${cases.join(" ")} END`;
}
