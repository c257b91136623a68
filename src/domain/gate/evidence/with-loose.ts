import { GREATER_VERSION, isNewer, weightierVerdict, worseResult } from "../../commit/newest.ts";
import { precedes } from "../../commit/precedence.ts";
import { join } from "../../words/key.ts";
import { type Assessment, sooner } from "../assessment.ts";
import { allows, decisionOf, sortedReasons } from "../decision.ts";
import type { GatePolicy } from "../policy/policy.ts";
import { type Reason, type ReasonCode, SEVERITIES } from "../reason.ts";
import { timeText } from "../wording.ts";
import type { Evidence, LooseEvidence } from "./evidence.ts";
import { changesSubject } from "./schema-evidence.ts";

/** The run's evidence together with what came without a run_id: of each check, feature and dataset the latest, on a tie the worse. */
export function withLoose(evidence: Evidence, loose: LooseEvidence): Evidence {
  return {
    ...evidence,
    checks: merged(evidence.checks, loose.checks, ({ check_name }) => check_name, worseResult),
    features: merged(evidence.features, loose.features, ({ feature_name }) => feature_name, weightierVerdict),
    schemas: merged(
      evidence.schemas ?? [],
      loose.schemas ?? [],
      ({ dataset }) => dataset,
      (a, b) => precedes(GREATER_VERSION, a, b),
    ),
  };
}

function merged<T extends { at: number }>(
  own: readonly T[],
  loose: readonly T[],
  nameOf: (item: T) => string,
  precedesOnTie: (item: T, known: T) => boolean,
): T[] {
  const latest = new Map(own.map((item) => [nameOf(item), item]));
  for (const item of loose) {
    const known = latest.get(nameOf(item));
    if (known === undefined || isNewer(item, known, precedesOnTie)) {
      latest.set(nameOf(item), item);
    }
  }
  return [...latest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}

/**
 * The worse of the decisions without and with that evidence, with the reasons of both: block before pending before unknown
 * before warn before pass.
 */
export function worseOf(
  own: Assessment,
  together: Assessment,
  loose: LooseEvidence,
  { pipeline_name, policy }: { pipeline_name: string; policy: Pick<GatePolicy, "on_unknown"> },
): Assessment {
  const byKey = new Map(own.reasons.map((reason) => [keyOf(reason), reason]));
  for (const reason of together.reasons) {
    const known = byKey.get(keyOf(reason));
    if (known === undefined || !graver(known, reason))
      byKey.set(keyOf(reason), withSource(reason, loose, pipeline_name, known));
  }
  const reasons = [...byKey.values()];
  const decision = decisionOf(reasons);
  return {
    decision,
    allowed: allows(decision, policy),
    reasons: sortedReasons(reasons),
    run_id: own.run_id,
    evidence_at: latest(own.evidence_at, together.evidence_at),
    valid_until: sooner(own.valid_until, together.valid_until),
  };
}

function keyOf({ code, subject }: Reason): string {
  return join(code, subject);
}

function graver(a: Reason, b: Reason): boolean {
  return SEVERITIES.indexOf(a.severity) < SEVERITIES.indexOf(b.severity);
}

const OF_CHECKS: ReadonlySet<ReasonCode> = new Set(["quality_below_threshold", "check_errored"]);
const OF_FEATURES: ReadonlySet<ReasonCode> = new Set([
  "feature_drifted",
  "feature_no_data",
  "feature_inconclusive",
  "feature_missing",
]);

/** Adds the source to the sentence, so that the person on call finds the report. */
function withSource(reason: Reason, loose: LooseEvidence, pipeline_name: string, known: Reason | undefined): Reason {
  if (known !== undefined && known.detail === reason.detail) return reason;
  const source = sourceOf(reason, loose, pipeline_name);
  if (source === undefined) return reason;
  return { ...reason, detail: `${reason.detail} (reported without a run_id at ${timeText(source.at)})` };
}

function sourceOf({ code, subject }: Reason, loose: LooseEvidence, pipeline_name: string): { at: number } | undefined {
  if (OF_CHECKS.has(code)) return loose.checks.find(({ check_name }) => check_name === subject);
  if (OF_FEATURES.has(code)) return loose.features.find(({ feature_name }) => feature_name === subject);
  if (code === "schema_changed") return loose.schemas?.find((schema) => changesSubject(schema, subject, pipeline_name));
  return undefined;
}

function latest(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}
