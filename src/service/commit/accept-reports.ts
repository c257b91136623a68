import type { ReportKind } from "../../domain/reports/report.ts";
import { SluiceError, shuttingDown } from "../../errors.ts";
import { eager, unfailing } from "../../ports/eager.ts";
import { type AfterCommit, type Clock, type Log, StoreError, type Telemetry } from "../../ports.ts";
import type { InDoubt } from "../under-locks/in-doubt.ts";
import { retryConflicts } from "../under-locks/retry-conflicts.ts";
import type { CommitDeps } from "./commit-deps.ts";
import { commitReports } from "./commit-reports.ts";
import { refusedSubmission } from "./refused-submission.ts";
import { type Arrival, isSubmission, type Outcome, pipelineOf } from "./submission.ts";

export interface AcceptDeps extends CommitDeps {
  afterCommit: AfterCommit;
  telemetry: Telemetry;
  clock: Clock;
  log: Log;
  /** Shared with all that changes something. */
  doubt: InDoubt;
  /** Reports: a commit takes requests until it has this many; so many may wait. */
  limits: { commit: number; queue: number };
}

/** One request's reports. They are committed together, so that a request that was refused left nothing behind. */
interface Job {
  submissions: readonly Arrival[];
  settle: (outcomes: Outcome[]) => void;
}

/**
 * Natural group commit: while one commit is in flight the next batch gathers, and no timer holds anything back. Callers are
 * answered after their commit is durable and the metrics have seen it. The queue is bounded; past that it says so.
 */
export class AcceptReports {
  readonly #deps: AcceptDeps;
  #jobs: Job[] = [];
  #queued = 0;
  #working: Promise<void> | null = null;
  #stopped = false;

  constructor(deps: AcceptDeps) {
    this.#deps = deps;
  }

  /** Reports that wait to be committed. */
  get queued(): number {
    return this.#queued;
  }

  /** One outcome for each submission, in their order. Throws when the agent takes nothing now. */
  async submit(submissions: readonly Arrival[]): Promise<Outcome[]> {
    if (submissions.length === 0) return [];
    this.#refuseIfFull(submissions.length);
    this.#queued += submissions.length;
    const outcomes = new Promise<Outcome[]>((settle) => this.#jobs.push({ submissions, settle }));
    this.#working ??= unfailing(this.#work());
    return outcomes;
  }

  /** Everything that is stored is read and shown again, before the next commit. Resolves when that was tried. */
  async showAll(): Promise<void> {
    this.#deps.doubt.addAll();
    await this.#readSoon();
  }

  /** What is in doubt is read and shown again, before the next commit. */
  showDoubtful(): void {
    if (!this.#stopped && !this.#deps.doubt.empty && this.#working === null) eager(this.#readSoon());
  }

  #readSoon(): Promise<unknown> {
    const read = new Promise((settle) => this.#jobs.push({ submissions: [], settle }));
    this.#working ??= unfailing(this.#work());
    return read;
  }

  /** Takes no more, and resolves when what was taken is answered. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#working;
  }

  #refuseIfFull(more: number): void {
    if (this.#stopped) throw shuttingDown();
    const { queue } = this.#deps.limits;
    if (this.#queued === 0 || this.#queued + more <= queue) return;
    const detail = `${this.#queued} reports wait to be stored and at most ${queue} may; send it again`;
    throw new SluiceError("queue_full", detail, { retry_after: 1 });
  }

  async #work(): Promise<void> {
    // One turn of the event loop: requests that have already arrived join the first batch.
    await new Promise(setImmediate);
    while (this.#jobs.length > 0) {
      const jobs = this.#nextJobs();
      const submissions = jobs.flatMap((job) => job.submissions);
      const outcomes = await this.#commit(submissions);
      this.#queued -= submissions.length;
      this.#count(submissions, outcomes);
      let from = 0;
      for (const job of jobs) {
        const to = from + job.submissions.length;
        job.settle(outcomes.slice(from, to));
        from = to;
      }
    }
    this.#working = null;
  }

  #nextJobs(): Job[] {
    let reports = 0;
    let jobs = 0;
    while (jobs < this.#jobs.length && reports < this.#deps.limits.commit) {
      reports += this.#jobs[jobs++]!.submissions.length;
    }
    return this.#jobs.splice(0, jobs);
  }

  /** Never throws: what cannot be stored is an outcome. */
  async #commit(batch: readonly Arrival[]): Promise<Outcome[]> {
    try {
      await this.#readAgain();
      if (batch.length === 0) return [];
      const { outcomes, committed } = await this.#deps.telemetry.commit(batch.length, traceparentsOf(batch), () =>
        retryConflicts(() => commitReports(this.#deps, batch, this.#deps.clock.now())),
      );
      this.#deps.afterCommit.observe(committed);
      await this.#revive(committed.revived);
      return outcomes;
    } catch (error) {
      if (batch.length === 0) {
        this.#deps.log.warn({ err: error }, "pipelines in doubt could not be read");
        return [];
      }
      if (error instanceof StoreError && error.reason === "refused") return this.#commitHalves(batch, error);
      this.#deps.doubt.add(batch.map(pipelineOf));
      return refuse(batch, this.#failure(error));
    }
  }

  /** All that is stored of pipelines that were archived is shown again. What fails is made up for before the next commit. */
  async #revive(names: readonly string[]): Promise<void> {
    if (names.length === 0) return;
    this.#deps.doubt.add(names);
    await this.#readAgain().catch((error) =>
      this.#deps.log.warn({ err: error }, "revived pipelines could not be read"),
    );
  }

  /** A commit that was not answered may have been stored: its reports then come again as duplicates, which show nothing. */
  #readAgain(): Promise<void> {
    return this.#deps.doubt.show(this.#deps.store, this.#deps.afterCommit);
  }

  /** The store refused something in this batch: each half by itself, until the bad one is alone and its neighbours are kept. */
  async #commitHalves(batch: readonly Arrival[], error: StoreError): Promise<Outcome[]> {
    const [first, ...others] = batch;
    if (first !== undefined && others.length === 0) return this.#commitRefused(first, error);
    const middle = Math.ceil(batch.length / 2);
    const before = await this.#commit(batch.slice(0, middle));
    return before.concat(await this.#commit(batch.slice(middle)));
  }

  /** That it came is evidence too: it is remembered, unless the store refuses that as well. */
  async #commitRefused(arrival: Arrival, error: StoreError): Promise<Outcome[]> {
    if (!isSubmission(arrival)) {
      this.#deps.log.error({ err: error }, "the store did not keep that a report was refused");
      return refuse([arrival], arrival.error);
    }
    // The store's own words name tables and may quote what was sent: they are for the log.
    this.#deps.log.error({ err: error, kind: arrival.report.kind }, "the store refused a report");
    const detail = "the store refused this report; the agent's log says why";
    return this.#commit([refusedSubmission(arrival, new SluiceError("unstorable_report", detail, { cause: error }))]);
  }

  #failure(error: unknown): SluiceError {
    if (!(error instanceof StoreError) || error.reason === "broken") {
      this.#deps.log.error({ err: error }, "a commit failed unexpectedly");
      const detail = "the report was not stored; the agent's log says why";
      return new SluiceError("internal_error", detail, { cause: error });
    }
    this.#deps.log.error({ err: error }, "reports could not be stored");
    const detail =
      "the store cannot be reached, is too busy, or did not answer; send it again, with the same id: so it is never counted twice";
    return new SluiceError("store_unavailable", detail, { cause: error, retry_after: 2 });
  }

  #count(submissions: readonly Arrival[], outcomes: readonly Outcome[]): void {
    const counts = new Map<
      string,
      { kind: ReportKind; result: "accepted" | "duplicate" | "rejected"; count: number }
    >();
    submissions.forEach((arrival, i) => {
      // Refused ones were counted where they were refused.
      if (!isSubmission(arrival)) return;
      const { kind } = arrival.report;
      const outcome = outcomes[i]!;
      const result = outcome.accepted ? (outcome.duplicate ? "duplicate" : "accepted") : "rejected";
      const known = counts.get(kind + result);
      if (known === undefined) counts.set(kind + result, { kind, result, count: 1 });
      else known.count++;
    });
    for (const { kind, result, count } of counts.values()) this.#deps.telemetry.reports(kind, result, count);
  }
}

function traceparentsOf(batch: readonly Arrival[]): string[] {
  const traceparents = new Set<string>();
  for (const { report } of batch.filter(isSubmission)) {
    if (report.traceparent !== null) traceparents.add(report.traceparent);
  }
  return [...traceparents];
}

function refuse(batch: readonly Arrival[], error: SluiceError): Outcome[] {
  return batch.map(() => ({ accepted: false, error }));
}
