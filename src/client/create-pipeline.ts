import { refusal } from "./delivery/refusal.ts";
import type { Reply, Request } from "./delivery/request.ts";
import type { AttachOptions, Pipeline, RunOptions } from "./pipeline.ts";
import { errorText } from "./report/error-text.ts";
import { attemptProblem, shown, timeProblem, wireTime } from "./report/problems.ts";
import { ReportingRun, type RunDeps } from "./report/reporting-run.ts";
import type { Run } from "./report/run.ts";
import type { RunIdentity } from "./report/run-identity.ts";
import { identityJson, mutedSink } from "./report/sink.ts";
import type { RunReport } from "./report/wire.ts";

export interface PipelineDeps extends RunDeps {
  newRunId: () => string;
  now: () => number;
  /** Ends what `fail` ends when the process does; returns how to take it back. */
  whileOpen: (fail: (reason: string) => void) => () => void;
  dropped: () => void;
  /** Gives the reports to the agent or the disk, within the flush deadline; never breaks. */
  handOver: () => Promise<void>;
  ask: (request: Request) => Promise<Reply>;
}

export function createPipeline(name: string, deps: PipelineDeps): Pipeline {
  const { problems, sink } = deps;
  const identity = (run_id: string, { attempt, traceparent }: AttachOptions): RunIdentity => {
    const wrong = attempt === undefined ? null : attemptProblem(attempt);
    if (wrong !== null) sink.tell(`${name}: ${wrong}; 1 is taken`);
    const common = { pipeline_name: name, run_id, attempt: wrong === null ? (attempt ?? 1) : 1 };
    return traceparent === undefined ? common : { ...common, traceparent };
  };
  return {
    name,
    run(work, options = {}) {
      const given = options.run_id;
      const wrong = given === undefined ? null : problems.runId(given);
      if (wrong !== null) sink.tell(`${name}: run: ${wrong}; a new one is taken`);
      const run_id = given === undefined || wrong !== null ? deps.newRunId() : given;
      return execute(work, identity(run_id, options), interval(name, options, deps), options.will_retry === true, deps);
    },
    attach(run_id, options = {}) {
      const wrong = problems.runId(run_id);
      if (wrong !== null) sink.tell(`${name}: attach: ${wrong}; nothing of this task is reported`);
      const used = wrong === null ? sink : mutedSink(sink, deps.dropped);
      return new ReportingRun(identity(String(run_id), options), { ...deps, sink: used });
    },
    async setReference(feature_name, histogram, { note } = {}) {
      const path = `/v1/references/${encodeURIComponent(name)}/${encodeURIComponent(feature_name)}`;
      const body = JSON.stringify({ ...histogram, note });
      const reply = await deps.ask({ method: "PUT", path, body, timeout: 10_000 });
      if (reply.kind === "answer") return reply.body as { version: string };
      throw refusal(`reference ${shown(feature_name)} of ${name}`, reply);
    },
  };
}

type Interval = Pick<RunReport, "data_interval_start" | "data_interval_end">;

function interval(name: string, options: RunOptions, { sink }: { sink: PipelineDeps["sink"] }): Interval {
  const result: Interval = {};
  for (const field of ["data_interval_start", "data_interval_end"] as const) {
    const value = options[field];
    if (value === undefined) continue;
    const wrong = timeProblem(field, value);
    if (wrong === null) result[field] = wireTime(value);
    else sink.tell(`${name}: run: ${wrong}; it is left out`);
  }
  return result;
}

async function execute<T>(
  work: (run: Run) => T | PromiseLike<T>,
  identity: RunIdentity,
  dataInterval: Interval,
  will_retry: boolean,
  deps: PipelineDeps,
): Promise<T> {
  const { sink, clock, now } = deps;
  const run = new ReportingRun(identity, deps);
  const started_at = new Date(now()).toISOString();
  const start = clock();
  const [common, times] = [identityJson(identity), { started_at, ...dataInterval }];
  const end = (status: RunReport["status"], more: Pick<RunReport, "error" | "will_retry">) => {
    closed();
    const duration_seconds = Math.max(0, clock() - start);
    const finished_at = new Date(now()).toISOString();
    sink.put("run", common, { status, ...times, finished_at, duration_seconds, ...more });
  };
  const fail = (error: string) => end("failed", { error, ...(will_retry ? { will_retry } : {}) });
  const closed = deps.whileOpen(fail);
  sink.put("run", common, { status: "started", ...times });
  let result: T;
  try {
    result = await work(run);
  } catch (error) {
    fail(errorText(error));
    // Nobody may catch it, and then nothing asynchronous happens any more.
    await deps.handOver();
    throw error;
  }
  end(run.skipped === null ? "success" : "skipped", run.skipped ? { error: run.skipped } : {});
  await deps.handOver();
  return result;
}
