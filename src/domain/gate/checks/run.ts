import type { Evidence, RunEvidence, RunGoingOn } from "../evidence/evidence.ts";
import type { GatePolicy } from "../policy/policy.ts";
import type { CheckResult, Reason, ReasonCode, Severity } from "../reason.ts";
import { spanBeyond, spanText, timeText } from "../wording.ts";
import { type Asking, NOTHING } from "./check.ts";
import { severityOf } from "./parts/severity.ts";

/** Whether the run is known, ended, ended well and still counts; and whether any run of the pipeline hangs. */
export function checkRun(evidence: Evidence, policy: GatePolicy, asking: Asking): CheckResult {
  const { run } = evidence;
  if (run === null) return absent(evidence, policy);
  const taken = run.invalidated === null ? [] : [invalidated(run, run.invalidated)];
  if (policy.run === "off") return { ...NOTHING, reasons: taken };
  const { reasons, valid_until } = overrunning(evidence, policy, asking);
  const own = isGoing(run) ? (asking.while_running ? [] : [inProgress(run)]) : ending(run, policy, asking);
  return { ...NOTHING, reasons: [...taken, ...reasons, ...own], valid_until };
}

function isGoing({ status }: RunEvidence): boolean {
  return status === "started" || status === "retrying";
}

function absent({ asked_run_id, pipeline_name }: Evidence, policy: GatePolicy): CheckResult {
  if (asked_run_id !== null) {
    const detail = `Nothing has been reported of run ${asked_run_id} yet: waiting for POST /v1/runs with this run_id`;
    return { ...NOTHING, reasons: [reasonOf("run_missing", "pending", asked_run_id, detail)] };
  }
  if (policy.run === "off") return NOTHING;
  const detail =
    `Nothing has been reported of pipeline ${pipeline_name} that a decision could be about: send POST /v1/runs when a run ` +
    "ends, and what is known of its data with POST /v1/quality, /v1/records or /v1/drift";
  return { ...NOTHING, reasons: [reasonOf("no_evidence", "unknown", null, detail)] };
}

function ending(run: RunEvidence, policy: GatePolicy, { while_running }: Asking): Reason[] {
  const { run_id, status, attempt, started_at, finished_at } = run;
  const when = finished_at === null ? "" : ` at ${timeText(finished_at)}`;
  if (status === "unknown" && !while_running) {
    // A known start means that the run was given up: another run-less run began before this one ended.
    const detail =
      started_at === null
        ? `Run ${run_id} has reported about its data, but never whether it started or ended: send POST /v1/runs with its ` +
          'status, or set "run: off" in the policy'
        : `Run ${run_id} started at ${timeText(started_at)} and never said how it ended; the next run without a run_id took ` +
          "its place: say how it ended with POST /v1/runs and its run_id, or run it again";
    return [reasonOf("run_missing", "pending", run_id, detail)];
  }
  if (status === "skipped") {
    const detail = `Run ${run_id} was skipped${when}, so it brought no data that could be judged`;
    return [reasonOf("no_evidence", "unknown", run_id, detail)];
  }
  if ((status !== "failed" && status !== "cancelled") || policy.run === "off") return [];
  const how = status === "cancelled" ? "was cancelled" : "failed";
  const tries = attempt > 1 ? ` on attempt ${attempt}` : "";
  const why = run.error === null || run.error === "" ? "" : `: ${run.error}`;
  return [reasonOf("run_failed", severityOf(policy.run), run_id, `Run ${run_id} ${how}${tries}${when}${why}`)];
}

function inProgress({ run_id, status, attempt, started_at }: RunEvidence): Reason {
  const since = started_at === null ? "" : `, started at ${timeText(started_at)}`;
  const detail =
    status === "retrying"
      ? `Run ${run_id} is waiting for a retry: attempt ${attempt} failed`
      : `Run ${run_id} has not ended yet (attempt ${attempt}${since})`;
  return reasonOf("run_in_progress", "pending", run_id, detail);
}

/** Each run that is going on is checked: a hanging run matters even where a later run has ended. */
function overrunning(
  evidence: Evidence,
  policy: GatePolicy,
  { now }: Asking,
): Pick<CheckResult, "reasons" | "valid_until"> {
  const { max_duration, run: effect } = policy;
  const reasons: Reason[] = [];
  if (max_duration === null || effect === "off") return { reasons, valid_until: null };
  let valid_until: number | null = null;
  for (const run of goingOn(evidence)) {
    const since = run.started_at ?? run.first_at;
    if (now - since > max_duration) reasons.push(hangs(run, now - since, max_duration, severityOf(effect)));
    else valid_until = Math.min(valid_until ?? Number.POSITIVE_INFINITY, since + max_duration + 1);
  }
  return { reasons, valid_until };
}

/** The run in question, where it has not ended, and the other open runs of the pipeline, without invalidated runs. */
function goingOn({ run, going_on = [] }: Evidence): readonly RunGoingOn[] {
  if (run === null || !isGoing(run) || run.invalidated !== null) return going_on;
  return [run, ...going_on.filter(({ run_id }) => run_id !== run.run_id)];
}

function hangs({ run_id }: RunGoingOn, lasts: number, max_duration: number, severity: Severity): Reason {
  const detail =
    `Run ${run_id} has been going for ${spanBeyond(lasts, max_duration)} and has not ended, ` +
    `${spanText(max_duration)} is the longest allowed: report how it ended with POST /v1/runs, or invalidate it`;
  const numbers = { observed: lasts / 1000, threshold: max_duration / 1000 };
  return { ...reasonOf("run_overrunning", severity, run_id, detail), ...numbers };
}

function invalidated({ run_id }: RunEvidence, { actor, at, reason }: { actor: string; at: number; reason: string }) {
  const detail = `Run ${run_id} was invalidated by ${actor} at ${timeText(at)}: ${reason}`;
  return reasonOf("manual_block", "block", run_id, detail);
}

function reasonOf(code: ReasonCode, severity: Severity, subject: string | null, detail: string): Reason {
  return { code, severity, subject, observed: null, threshold: null, detail };
}
