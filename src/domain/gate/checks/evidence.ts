import type { Evidence } from "../evidence/evidence.ts";
import type { GatePolicy } from "../policy/policy.ts";
import type { CheckResult, Reason } from "../reason.ts";
import { spanBeyond, spanText, timeText } from "../wording.ts";
import { type Asking, NOTHING } from "./check.ts";

/** Whether what is known is young enough to count. */
export function checkEvidenceAge(evidence: Evidence, { max_age }: GatePolicy, { now }: Asking): CheckResult {
  const at = evidenceAt(evidence);
  if (max_age === null || at === null) return NOTHING;
  const age = now - at;
  if (age <= max_age) return { ...NOTHING, valid_until: at + max_age + 1 };
  const stale: Reason = {
    code: "evidence_stale",
    severity: "unknown",
    subject: evidence.run?.run_id ?? null,
    observed: age / 1000,
    threshold: max_age / 1000,
    detail:
      `The newest evidence is ${spanBeyond(age, max_age)} old (${timeText(at)}), ` +
      `at most ${spanText(max_age)} counts: has the pipeline run since?`,
  };
  return { ...NOTHING, reasons: [stale] };
}

/** The latest time that anything was reported of the run; without a run, how far its data reaches. Milliseconds; null: nothing. */
export function evidenceAt({ run, checks, features, schemas = [], freshness }: Evidence): number | null {
  const reported = [...checks, ...features, ...schemas].map(({ at }) => at);
  const ofRun = run === null ? [] : [run.first_at, run.started_at, run.finished_at, run.last_at ?? null];
  const times = [...reported, ...ofRun.filter((at) => at !== null)];
  const known = times.length > 0 ? times : freshness.map(({ data_through }) => data_through);
  return known.length === 0 ? null : known.reduce((a, b) => Math.max(a, b));
}

/** The reason where no check found anything to judge: a status from the scheduler is no evidence about data. */
export function noEvidence({ run, pipeline_name }: Evidence): Reason {
  const what =
    run === null
      ? `Nothing has been reported of pipeline ${pipeline_name} that its policy judges`
      : `Run ${run.run_id} ${SAID[run.status]}, but nothing that its policy judges was reported of its data`;
  return {
    code: "no_evidence",
    severity: "unknown",
    subject: run?.run_id ?? null,
    observed: null,
    threshold: null,
    detail:
      `${what}: send POST /v1/quality, /v1/records or /v1/drift with its run_id, ` +
      'or set freshness or latency limits in the policy ("on_unknown: allow" goes on without knowing)',
  };
}

const SAID = {
  started: "is going",
  retrying: "is waiting for a retry",
  success: "ended with success",
  failed: "failed",
  skipped: "was skipped",
  cancelled: "was cancelled",
  unknown: "was heard of",
} as const;
