import { applyOverride } from "../domain/apply-override.ts";
import { type Asking, type Assessment, assess } from "../domain/gate.ts";
import type { GatePolicy } from "../domain/policy.ts";
import type { GateState, Override } from "../domain/transition.ts";
import type { GateRow } from "../ports.ts";

/** What a gate says, before it has a name. */
export type Decided = Omit<GateState, "decision_id" | "decided_at" | "policy_version">;

/** Evidence and policy first, then the newest override that is about the run. */
export function decideRow(
  { evidence, overrides }: Pick<GateRow, "evidence" | "overrides">,
  policy: GatePolicy,
  asking: Asking,
): Decided {
  const assessed: Assessment = assess(evidence, policy, asking);
  const override = overrideOf(overrides, assessed.run_id, asking.now);
  const { decision, allowed, reasons, run_id, evidence_at } = applyOverride(assessed, override);
  const valid_until = earliest(assessed.valid_until, override?.expires_at ?? null);
  return { decision, allowed, reasons, run_id, evidence_at, valid_until, override };
}

/** Overrides are in the order in which they were made. */
function overrideOf(overrides: readonly Override[], run_id: string | null, now: number): Override | null {
  return overrides.findLast((one) => one.expires_at > now && (one.run_id === null || one.run_id === run_id)) ?? null;
}

function earliest(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.min(a, b);
}
