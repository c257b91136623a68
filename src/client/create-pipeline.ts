import { oldestReference } from "./delivery/post/agent-contract.ts";
import { refusal } from "./delivery/post/refusal.ts";
import type { Reply, Request } from "./delivery/post/request.ts";
import type { AttachOptions, Pipeline, RunOptions } from "./pipeline.ts";
import { errorText } from "./report/error-text.ts";
import { attemptProblem, shown, timeProblem, tryProblem, wireTime } from "./report/problems.ts";
import { ReportingRun, type RunDeps } from "./report/reporting-run.ts";
import type { RunHandle } from "./report/run.ts";
import type { RunIdentity } from "./report/run-identity.ts";
import { identityJson, mutedSink } from "./report/sink.ts";
import type { RunReportBody } from "./report/wire.ts";

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
    if (wrong !== null) sink.tell(`${name}: ${wrong}; none is said`);
    return {
      pipeline_name: name,
      run_id,
      ...(attempt === undefined || wrong !== null ? {} : { attempt }),
      ...(traceparent === undefined ? {} : { traceparent }),
    };
  };
  const nthTry = (nth: number | undefined): number | undefined => {
    const wrong = nth === undefined ? null : tryProblem(nth);
    if (wrong !== null) sink.tell(`${name}: ${wrong}; none is said`);
    return wrong === null ? nth : undefined;
  };
  return {
    name,
    run(work, options = {}) {
      const given = options.run_id;
      const wrong = given === undefined ? null : problems.runId(given);
      if (wrong !== null) sink.tell(`${name}: run: ${wrong}; a new one is taken`);
      const run_id = given === undefined || wrong !== null ? deps.newRunId() : given;
      const of = identity(run_id, options);
      const run = new ReportingRun(of, nthTry(options.try), deps);
      return execute(
        work,
        { run, of, about: about(name, options, deps), will_retry: options.will_retry === true },
        deps,
      );
    },
    attach(run_id, options = {}) {
      const wrong = problems.runId(run_id);
      if (wrong !== null) sink.tell(`${name}: attach: ${wrong}; nothing of this task is reported`);
      const used = wrong === null ? sink : mutedSink(sink, deps.dropped);
      return new ReportingRun(identity(String(run_id), options), nthTry(options.try), { ...deps, sink: used });
    },
    async setReference(feature_name, histogram, { note } = {}) {
      const path = `/v1/references/${encodeURIComponent(name)}/${encodeURIComponent(feature_name)}`;
      const put = (body: object) =>
        deps.ask({ method: "PUT", path, body: JSON.stringify({ ...body, note }), timeout: 10_000 });
      let reply = await put(histogram);
      // An agent of contract 1.0 refuses what it does not know of the rows; it states no contract.
      if (reply.kind === "refused" && reply.status === 422 && reply.contract === null) {
        reply = await put(oldestReference(histogram));
      }
      if (reply.kind === "answer") return reply.body as { version: string };
      throw refusal(`reference ${shown(feature_name)} of ${name}`, reply);
    },
  };
}

type About = Pick<RunReportBody, "data_interval_start" | "data_interval_end" | "logical_date" | "resumes">;

/** What its start and its end say of the run. */
function about(name: string, options: RunOptions, { sink }: { sink: PipelineDeps["sink"] }): About {
  const result: About = options.resumes === true ? { resumes: true } : {};
  for (const field of ["data_interval_start", "data_interval_end", "logical_date"] as const) {
    const value = options[field];
    if (value === undefined) continue;
    const wrong = timeProblem(field, value);
    if (wrong === null) result[field] = wireTime(value);
    else sink.tell(`${name}: run: ${wrong}; it is left out`);
  }
  return result;
}

interface Execution {
  run: ReportingRun;
  of: RunIdentity;
  about: About;
  will_retry: boolean;
}

async function execute<T>(
  work: (run: RunHandle) => T | PromiseLike<T>,
  { run, of, about, will_retry }: Execution,
  deps: PipelineDeps,
): Promise<T> {
  const { sink, clock, now, losses } = deps;
  const started_at = new Date(now()).toISOString();
  const start = clock();
  const [common, times] = [identityJson(of), { started_at, ...about }];
  const ended = losses.begin(of);
  const end = (status: RunReportBody["status"], more: Pick<RunReportBody, "error" | "will_retry">) => {
    closed();
    const duration_seconds = Math.max(0, clock() - start);
    const finished_at = new Date(now()).toISOString();
    ended();
    sink.put("run", common, { status, ...times, finished_at, duration_seconds, ...more, lost: losses.take(of) });
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
