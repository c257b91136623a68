import type { Client } from "./client.ts";
import { createPipeline } from "./create-pipeline.ts";
import { Courier } from "./delivery/courier.ts";
import { drain } from "./delivery/drain.ts";
import { listenForExit } from "./delivery/exit-hooks.ts";
import { type Endpoint, type Reply, type Request, request } from "./delivery/post/request.ts";
import { sayUnusable } from "./delivery/post/say-unusable.ts";
import { ReportQueue } from "./delivery/report-queue.ts";
import { createReferences } from "./drift/references.ts";
import { createGate } from "./gate/create-gate.ts";
import { DEFAULT_LOGGER, onceEach, quietly } from "./host/logger.ts";
import { environment, loadNodeHost, nodeProcess } from "./host/node-host.ts";
import { createUuidV7, fillRandom } from "./host/uuid-v7.ts";
import { Losses } from "./losses/losses.ts";
import { errorText } from "./report/error-text.ts";
import { createProblems } from "./report/problems.ts";
import { createSink, mutedSink } from "./report/sink.ts";
import { type ClientOptions, readSettings } from "./settings.ts";
import { openSpool } from "./spool/spool.ts";
import { isTrouble, noStats, summary } from "./stats.ts";
import { SluiceUsageError } from "./usage-error.ts";

/** A client of one agent. Make one a process and keep it: its reports share requests, spool and the flush at the end. */
export function createClient(options: ClientOptions = {}): Client {
  const logger = options.logger ?? DEFAULT_LOGGER;
  const warn = onceEach((message) => logger.warn(message));
  const info = (message: string) => quietly((text) => logger.info?.(text), message);
  const tell = (problem: string) => {
    if (options.strict === true) throw new SluiceUsageError(problem);
    warn(problem);
  };
  const settings = readSettings(options, environment(), tell);
  const { url, apiKey } = settings;
  const stats = noStats();
  const losses = new Losses();
  const dropped = () => {
    stats.dropped++;
  };

  const newUuid = createUuidV7(fillRandom);
  const newId = () => newUuid(Date.now());
  const queue = new ReportQueue({ newId, maxQueued: settings.maxQueuedReports, stats, losses, warn });
  const endpoint: Endpoint = { url: url ?? "", apiKey };
  const ask = async (asked: Request): Promise<Reply> =>
    url === null
      ? { kind: "away", why: "no url was given", retry_after: null, for_good: true }
      : request(endpoint, asked);
  const timeout = Math.max(500, settings.flushDeadline);
  const courier = new Courier({
    ...{ endpoint, queue, losses, stats, timeout, warn, info },
    unusable: sayUnusable(warn),
  });

  const pending = new Set<Promise<void>>();
  const openRuns = new Set<(reason: string) => void>();
  let appended = 0;
  let closed = false;

  const sink = createSink({
    now: Date.now,
    newId: newUuid,
    tell,
    dropped,
    losses,
    append(line, now) {
      if (closed || url === null) return dropped();
      appended++;
      queue.append(line, now);
      courier.wake();
    },
    later(work) {
      const done = work.then(
        () => void pending.delete(done),
        () => void pending.delete(done),
      );
      pending.add(done);
    },
  });

  const flush = async (deadline: number): Promise<boolean> => {
    await settledBy(Promise.all(pending), deadline);
    return courier.flush(deadline);
  };
  const flushForGate = async (deadline: number): Promise<boolean> => {
    await settledBy(Promise.all(pending), deadline);
    return url === null || drain(courier, deadline);
  };
  const handOver = async (): Promise<void> => {
    const deadline = Date.now() + settings.flushDeadline;
    await settledBy(Promise.all(pending), deadline);
    await courier.handOver(deadline);
  };
  const flushAtExit = async (): Promise<void> => {
    const deadline = Date.now() + settings.flushDeadline;
    await settledBy(Promise.all(pending), deadline);
    await courier.flushAtExit(deadline);
  };
  const stop = () => {
    if (closed) return;
    closed = true;
    stopListening();
    courier.stop();
    if (appended === 0) return;
    const text = summary(stats, queue.spool?.folder ?? null);
    if (isTrouble(stats)) warn(text);
    else info(text);
  };
  const failOpenRuns = (reason: string) => {
    for (const fail of [...openRuns]) fail(reason);
  };

  let stopListening = () => {};
  if (url !== null) {
    loadNodeHost((host) => {
      if (settings.spool === false || closed) return;
      const spool = openSpool(host, { url, apiKey, directory: settings.spool }, warn);
      if (spool !== null) queue.useSpool(spool);
    });
    const process = nodeProcess();
    let flushedAt = 0;
    if (process !== undefined) {
      const hooks = {
        beforeExit() {
          if (flushedAt === appended) return;
          flushedAt = appended;
          void flushAtExit();
        },
        crash: (error: unknown) => failOpenRuns(errorText(error)),
        exit(code: number) {
          if (code !== 0) failOpenRuns(`the process ended with exit code ${code}`);
          stop();
        },
        async signal(signal: string) {
          failOpenRuns(`the process was ended by ${signal}`);
          await flushAtExit();
          stop();
        },
      };
      stopListening = listenForExit(process, hooks, settings.signals);
    }
  }

  const problems = createProblems();
  const references = createReferences(ask, Date.now);
  const clock = () => performance.now() / 1000;
  const whileOpen = (fail: (reason: string) => void) => {
    openRuns.add(fail);
    return () => void openRuns.delete(fail);
  };
  const common = {
    problems,
    references,
    losses,
    clock,
    newRunId: newId,
    now: Date.now,
    whileOpen,
    dropped,
    handOver,
    ask,
  };
  return {
    pipeline(name) {
      const wrong = problems.name("pipeline", name);
      if (wrong !== null) tell(`${wrong}; nothing of it is reported`);
      return createPipeline(String(name), { ...common, sink: wrong === null ? sink : mutedSink(sink, dropped) });
    },
    gate: (name, gateOptions = {}) =>
      createGate(String(name), gateOptions, { ask, flush: flushForGate, problems, tell, warn, now: Date.now }),
    report: (report) => sink.putWhole(report),
    flush: ({ deadlineSeconds = settings.flushDeadline / 1000 } = {}) => flush(Date.now() + 1000 * deadlineSeconds),
    stats() {
      queue.handedOver();
      return { ...stats };
    },
    async close() {
      if (closed) return;
      await flushAtExit();
      stop();
    },
  };
}

/** Waits for work that never breaks, until a time. */
async function settledBy(work: Promise<unknown>, deadline: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, deadline - Date.now()));
  });
  await Promise.race([work, over]);
  clearTimeout(timer);
}
