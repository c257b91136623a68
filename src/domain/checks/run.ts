import type { Evidence, RunEvidence } from "../evidence.ts";
import type { CheckResult, Finding, ReasonCode, Severity } from "../finding.ts";
import type { GatePolicy } from "../policy.ts";
import { type Asking, NOTHING } from "./check.ts";
import { severityOf } from "./severity.ts";
import { spanBeyond, spanText, timeText } from "./wording.ts";

/** Whether the run was heard of, came to an end, ended well, and still counts. */
export function checkRun(evidence: Evidence, policy: GatePolicy, asking: Asking): CheckResult {
  const { run } = evidence;
  if (run === null) return absent(evidence, policy);
  const taken = run.invalidated === null ? [] : [invalidated(run, run.invalidated)];
  if (policy.run === "off") return { ...NOTHING, findings: taken };
  const going = run.status === "started" || run.status === "retrying";
  if (going) {
    const { findings, valid_until } = overrun(run, policy, asking);
    const waiting = asking.while_running ? [] : [inProgress(run)];
    return { ...NOTHING, findings: [...taken, ...findings, ...waiting], valid_until };
  }
  return { ...NOTHING, findings: [...taken, ...ending(run, policy, asking)] };
}

function absent({ asked_run_id, pipeline_name }: Evidence, policy: GatePolicy): CheckResult {
  if (asked_run_id !== null) {
    const detail = `Nothing has been reported of run ${asked_run_id} yet: waiting for POST /v1/runs with this run_id`;
    return { ...NOTHING, findings: [finding("run_missing", "pending", asked_run_id, detail)] };
  }
  if (policy.run === "off") return NOTHING;
  const detail =
    `Nothing has been reported of pipeline ${pipeline_name} that a decision could be about: send POST /v1/runs when a run ` +
    "ends, and what is known of its data with POST /v1/quality, /v1/records or /v1/drift";
  return { ...NOTHING, findings: [finding("no_evidence", "unknown", null, detail)] };
}

function ending(run: RunEvidence, policy: GatePolicy, { while_running }: Asking): Finding[] {
  const { run_id, status, attempt, finished_at } = run;
  const when = finished_at === null ? "" : ` at ${timeText(finished_at)}`;
  if (status === "unknown" && !while_running) {
    const detail =
      `Run ${run_id} has reported about its data, but never whether it started or ended: send POST /v1/runs with its ` +
      'status, or set "run: off" in the policy';
    return [finding("run_missing", "pending", run_id, detail)];
  }
  if (status === "skipped") {
    const detail = `Run ${run_id} was skipped${when}, so it brought no data that could be judged`;
    return [finding("no_evidence", "unknown", run_id, detail)];
  }
  if ((status !== "failed" && status !== "cancelled") || policy.run === "off") return [];
  const how = status === "cancelled" ? "was cancelled" : "failed";
  const tries = attempt > 1 ? ` on attempt ${attempt}` : "";
  const why = run.error === null || run.error === "" ? "" : `: ${run.error}`;
  return [finding("run_failed", severityOf(policy.run), run_id, `Run ${run_id} ${how}${tries}${when}${why}`)];
}

function inProgress({ run_id, status, attempt, started_at }: RunEvidence): Finding {
  const since = started_at === null ? "" : `, started at ${timeText(started_at)}`;
  const detail =
    status === "retrying"
      ? `Run ${run_id} is waiting for a retry: attempt ${attempt} failed`
      : `Run ${run_id} has not ended yet (attempt ${attempt}${since})`;
  return finding("run_in_progress", "pending", run_id, detail);
}

function overrun(run: RunEvidence, policy: GatePolicy, { now }: Asking): Pick<CheckResult, "findings" | "valid_until"> {
  const { max_duration, run: effect } = policy;
  if (max_duration === null || effect === "off") return { findings: [], valid_until: null };
  const lasts = now - (run.started_at ?? run.first_at);
  if (lasts <= max_duration) return { findings: [], valid_until: now - lasts + max_duration + 1 };
  const detail =
    `Run ${run.run_id} has been going for ${spanBeyond(lasts, max_duration)} and has not ended, ` +
    `${spanText(max_duration)} is the longest allowed`;
  const numbers = { observed: lasts / 1000, threshold: max_duration / 1000 };
  return {
    findings: [{ ...finding("run_overrunning", severityOf(effect), run.run_id, detail), ...numbers }],
    valid_until: null,
  };
}

function invalidated({ run_id }: RunEvidence, { actor, at, reason }: { actor: string; at: number; reason: string }) {
  const detail = `Run ${run_id} was invalidated by ${actor} at ${timeText(at)}: ${reason}`;
  return finding("manual_block", "block", run_id, detail);
}

function finding(code: ReasonCode, severity: Severity, subject: string | null, detail: string): Finding {
  return { code, severity, subject, observed: null, threshold: null, detail };
}
