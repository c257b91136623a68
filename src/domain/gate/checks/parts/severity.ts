import type { Effect, UnknownEffect } from "../../policy/rules.ts";
import type { Severity } from "../../reason.ts";

/** The severity that a rule about the unknown gives its reasons; null: the rule is off. */
export function unknownSeverityOf(effect: UnknownEffect): Severity | null {
  return effect === "off" ? null : effect;
}

/** The severity that a rule gives its reasons: `blocking` under `block`, `warn` under `warn`. */
export function severityOf(effect: "block" | "warn", blocking: Severity = "block"): Severity {
  return effect === "warn" ? "warn" : blocking;
}

const GENTLEST_FIRST: readonly Effect[] = ["off", "warn", "block"];

export function gentler(a: Effect, b: Effect): Effect {
  return GENTLEST_FIRST.indexOf(a) < GENTLEST_FIRST.indexOf(b) ? a : b;
}
