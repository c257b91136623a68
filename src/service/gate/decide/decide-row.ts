import { applyOverride } from "../../../domain/gate/apply-override.ts";
import { type Asking, type Assessment, assess } from "../../../domain/gate/assess.ts";
import type { GatePolicy } from "../../../domain/gate/policy/policy.ts";
import type { GateState, Override } from "../../../domain/gate/transition.ts";
import type { GateRow } from "../../../ports.ts";

/** What a gate says, before it has a name. */
export type Decided = Omit<GateState, "decision_id" | "decided_at" | "policy_version">;

/** Evidence and policy first, then the override that is about the run. */
export function decideRow(
  { evidence, overrides }: Pick<GateRow, "evidence" | "overrides">,
  policy: GatePolicy,
  asking: Asking,
): Decided {
  const assessed: Assessment = assess(evidence, policy, asking);
  const standing = overrides.filter((one) => outlivesInvalidation(one, evidence.run));
  const override = overrideOf(standing, assessed.run_id, asking.now);
  const { decision, allowed, reasons, run_id, evidence_at } = applyOverride(assessed, override);
  const valid_until = earliest(assessed.valid_until, override?.expires_at ?? null);
  return { decision, allowed, reasons, run_id, evidence_at, valid_until, override };
}

/** Whoever says that a run is bad is heard over those who let it pass before, or let everything pass. */
function outlivesInvalidation(override: Override, run: GateRow["evidence"]["run"]): boolean {
  if (run === null || run.invalidated === null || override.decision === "block") return true;
  return override.run_id === run.run_id && override.created_at > run.invalidated.at;
}

/**
 * A block stands until it ends, whoever says pass beside it; of equals the one that lasts longest, then the one about this very
 * run. No order of arrival matters.
 */
function overrideOf(overrides: readonly Override[], run_id: string | null, now: number): Override | null {
  const fitting = overrides.filter((one) => one.expires_at > now && (one.run_id === null || one.run_id === run_id));
  return fitting.reduce<Override | null>((best, one) => (best === null || outranks(one, best) ? one : best), null);
}

function outranks(a: Override, b: Override): boolean {
  if (a.decision !== b.decision) return a.decision === "block";
  if (a.expires_at !== b.expires_at) return a.expires_at > b.expires_at;
  if (a.run_id !== b.run_id) return a.run_id !== null;
  return a.override_id < b.override_id;
}

function earliest(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.min(a, b);
}
