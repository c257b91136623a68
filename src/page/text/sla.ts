import type { ShownSla } from "../api/types.ts";
import { count, plural, rate } from "./numbers.ts";

export const KINDS = ["quality", "run", "drift", "freshness", "volume", "latency"] as const;

/** What one of them counts. */
export const COUNTED: Record<string, string> = {
  quality: "check",
  run: "run",
  drift: "verdict",
  freshness: "freshness check",
  volume: "volume check",
  latency: "latency check",
};

export function slaInWords({ total, passed, rate: reached, target, state, kind }: ShownSla, days: number): string {
  const counted = COUNTED[kind] ?? "event";
  if (total === 0 || reached === null)
    return `No ${counted} was reported in the last ${plural(days, "day")}, so there is no rate.`;
  const compared = state === "breaching" ? `less than the target of ${target} %` : `the target is ${target} %`;
  return `${count(passed)} of ${plural(total, counted)} passed in the last ${plural(days, "day")}: ${rate(reached)}, ${compared}.`;
}

/** Failures that the target allows, and how many are left of them. */
export function budgetInWords({ error_budget, total, passed }: ShownSla): string {
  const failed = total - passed;
  const allowed = Math.floor(error_budget.total * 100) / 100;
  const left = Math.round(error_budget.remaining * 100) / 100;
  return left < 0
    ? `Error budget overspent: ${count(failed)} failed where ${allowed} may`
    : `Error budget: ${count(failed)} failed of ${allowed} that may, ${left} left`;
}
