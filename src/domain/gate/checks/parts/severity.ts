import type { Effect, UnknownEffect } from "../../policy/rules.ts";
import type { Severity } from "../../reason.ts";

/** Of a rule about what is not known; null: it looks away. */
export function unknownSeverityOf(effect: UnknownEffect): Severity | null {
  return effect === "off" ? null : effect;
}

/** What stands for `block` in a rule that is not `off`: a warning warns, whatever it is about. */
export function severityOf(effect: "block" | "warn", blocking: Severity = "block"): Severity {
  return effect === "warn" ? "warn" : blocking;
}

const GENTLEST_FIRST: readonly Effect[] = ["off", "warn", "block"];

export function gentler(a: Effect, b: Effect): Effect {
  return GENTLEST_FIRST.indexOf(a) < GENTLEST_FIRST.indexOf(b) ? a : b;
}
