import { randomBytes } from "node:crypto";
import { startCron } from "./adapters/cron/cron.ts";
import { createAgentMetrics } from "./adapters/metrics/agent/agent-metrics.ts";
import { MetricsRecorder } from "./adapters/metrics/domain/recorder.ts";
import { Exposition } from "./adapters/metrics/exposition/exposition.ts";
import { METRICS_CONTENT_TYPE, writeScrape } from "./adapters/metrics/scrape.ts";
import { postgresMutes } from "./adapters/postgres/gate/mutes.ts";
import { createLog } from "./adapters/process/log.ts";
import { type OnStop, Teardown } from "./adapters/process/teardown.ts";
import { archiving } from "./app/archiving.ts";
import { createFailure } from "./app/failure.ts";
import { gateRouting } from "./app/gate-routing.ts";
import { createGates, type Gates } from "./app/gates.ts";
import { nameLimits } from "./app/name-limits.ts";
import { createNotices } from "./app/notices.ts";
import { pageRouting } from "./app/page-routing.ts";
import { serverSettings } from "./app/server-settings.ts";
import { openStore } from "./app/store.ts";
import { NO_RELOADS, type Reloads, watchPolicies } from "./app/watch-policies.ts";
import type { Config } from "./config.ts";
import { addAliases } from "./http/parameters/aliases.ts";
import { docsPage, errorsPage, openApi } from "./http/routes/agent/docs.ts";
import { healthRoutes } from "./http/routes/agent/health.ts";
import { metricsRoute } from "./http/routes/agent/metrics.ts";
import { qualityRoutes } from "./http/routes/commit/quality.ts";
import { reportRoutes } from "./http/routes/commit/reports.ts";
import { driftRoutes } from "./http/routes/drift/drift.ts";
import { referenceRoutes } from "./http/routes/drift/references.ts";
import { pipelineRoutes } from "./http/routes/runs/pipelines.ts";
import { runRoutes } from "./http/routes/runs/runs.ts";
import { slaRoutes } from "./http/routes/sla/sla.ts";
import { createServer } from "./http/server/server.ts";
import type { Clock } from "./ports.ts";
import { retain } from "./service/clock/retain.ts";
import { AcceptReports } from "./service/commit/accept-reports.ts";
import { closeWindows } from "./service/drift/close-windows.ts";
import { driftSettingsOf } from "./service/drift/drift-settings.ts";
import { NewNames } from "./service/new-names/new-names.ts";
import { slaRates } from "./service/sla/publish-sla-rates.ts";
import { VERSION } from "./version.ts";

export { migrateDatabase } from "./app/migrate-database.ts";

export interface App {
  /** Resolves when reports are taken. */
  start(): Promise<{ url: string }>;
  /** Stops taking, finishes what was taken, lets go of everything. Twice is harmless. */
  stop(): Promise<void>;
  /** Resolves with the reason, in a sentence, where the agent cannot go on: stop it then, and start another process. */
  readonly failed: Promise<string>;
  /** Tells it of an error that nobody handled. */
  crash(error: unknown): void;
}

const SLA_RATES_EVERY_MS = 60_000;
/** How long requests that are under way may take to end when the agent stops. */
const PATIENCE_MS = 5_000;
const CLOSE_WINDOWS_EVERY_MS = 5_000;
const SWEEP_GATES_EVERY_MS = 1_000;
/** Connections that the kernel may hold until they are accepted: a thousand schedulers may ask on the same minute. */
const BACKLOG = 4096;

/** The whole agent, wired in one straight line. Each step registers its teardown. */
export async function createApp(config: Config, reloads: Reloads = NO_RELOADS): Promise<App> {
  const log = createLog(config.log_level);
  const clock: Clock = { now: Date.now };
  const failure = createFailure(log);
  const stopping = new AbortController();
  const teardown = new Teardown(log);
  const onStop: OnStop = (name, run) => teardown.add(name, run);
  onStop("log", () => log.info({}, "stopped"));

  return {
    start,
    failed: failure.failed,
    crash: failure.crash,
    stop: () => {
      stopping.abort();
      return teardown.run();
    },
  };

  async function start(): Promise<{ url: string }> {
    const onLost = () =>
      failure.fail("another agent has taken the database, since this one was silent: it may write no more");
    const [{ store, reader, sums, write, hold, ...opened }, telemetry] = await Promise.all([
      openStore({ config, log, onStop, signal: stopping.signal, onLost }),
      import("./adapters/metrics/agent/telemetry.ts").then(({ startTelemetry }) =>
        startTelemetry({ version: VERSION, otlp_endpoint: config.telemetry.otlp_endpoint }),
      ),
    ]);
    onStop("telemetry", () => telemetry.shutdown());

    const exposition = new Exposition({
      clock,
      birth_hold: config.metrics.birth_hold,
      series_cap: config.metrics.series_cap,
      onDropped: (family, series) => agent.dropped(family, series),
    });
    let configRight = true;
    const wired = () => ({ agent, gates });
    const notices = await createNotices({ config, write, reader, clock, log, onStop, wired });
    const agent = createAgentMetrics(VERSION, {
      queue_reports: () => accept.queued,
      series: () => exposition.series,
      store_up: () => opened.up(),
      gate_waiters: () => gates.waiters.size,
      config_right: () => configRight,
      notices: notices.readings,
    });
    const recorder = new MetricsRecorder(exposition, (error) => {
      agent.observeFailed();
      log.error({ err: error }, "a committed change could not be shown as a metric");
    });
    const told = notices.gates;
    const gates: Gates = createGates({ policies: config.gate, store, reader, recorder, clock, log, notices: told });
    const { metrics, decide } = gates;
    const driftSettings = driftSettingsOf(config.drift);
    const accept: AcceptReports = new AcceptReports({
      ...decide,
      log,
      driftSettings,
      newRunId: (at) =>
        `auto-${new Date(at).toISOString().replace(/[-:]|\.\d+/g, "")}-${randomBytes(4).toString("hex")}`,
      limits: { commit: config.limits.commit_reports, queue: config.limits.queue_reports },
      telemetry: {
        commit: (reports, traceparents, work) => {
          telemetry.record("commit_reports", reports);
          return telemetry.time("commit_duration_seconds", {}, work, traceparents);
        },
        reports: (kind, outcome, count) => agent.reports(kind, outcome, count),
      },
    });

    const names = new NewNames(nameLimits(config.limits), clock);
    const cron = startCron({ log, clock, onStop });
    let ready = false;
    const server = await createServer({
      ...serverSettings(config),
      log,
      ready: () => ready,
      doubt: { arises: () => hold.doubtful, confirm: () => hold.confirm() },
      onAnswer: ({ method, route, status, seconds }) => {
        telemetry.record("http_request_duration_seconds", seconds, {
          method,
          route,
          status: `${Math.floor(status / 100)}xx`,
        });
      },
    });
    await openApi(server, VERSION);
    await server.register(async (routes) => {
      const slaDeps = { reader, targets: config.sla, clock };
      const aliases = new Map(Object.entries(config.aliases));
      const intake = () => ({ now: clock.now(), oldest: clock.now() - config.retention });
      addAliases(routes, config.aliases);
      reportRoutes(routes, {
        accept,
        intake,
        aliases,
        batch_items: config.limits.batch_items,
        names,
        onRefused: (kind) => agent.reports(kind, "rejected", 1),
      });
      slaRoutes(routes, slaDeps);
      pipelineRoutes(routes, { ...slaDeps, archive: archiving({ store, clock, gates, names, recorder, accept }) });
      gateRouting(routes, { gates, config, reader, mutes: postgresMutes(write.pool, write.fence) });
      notices.routing(routes);
      runRoutes(routes, { reader });
      qualityRoutes(routes, { reader });
      driftRoutes(routes, { reader });
      referenceRoutes(routes, { ...decide, reader, driftSettings, names });
      pageRouting(routes, config);
      healthRoutes(routes, {
        check: async () => {
          if (!ready) throw new Error(opened.missing());
          await opened.check();
        },
      });
      metricsRoute(routes, {
        content_type: METRICS_CONTENT_TYPE,
        write: (sink) => writeScrape({ exposition, agent, telemetry }, sink),
        require_key: config.metrics.require_key,
      });
    });
    errorsPage(server);
    await docsPage(server);
    onStop("accepted reports", () => accept.stop());
    onStop("server", () => {
      // Whoever is still sending then does not keep the agent from ending in time.
      setTimeout(() => server.server.closeAllConnections(), PATIENCE_MS).unref();
      return server.close();
    });
    const url = await server.listen({ host: config.listen.host, port: config.listen.port, backlog: BACKLOG });

    await opened.take(cron);
    const renamed = await store.renamePipelines(config.aliases);
    if (renamed.length > 0) log.info({ renamed }, "pipelines go by their new names, with all their history");
    for await (const part of store.restore()) {
      metrics.observe(part);
      names.restore(part);
    }
    ready = true;

    cron.every(SLA_RATES_EVERY_MS, "SLA rates", async () =>
      recorder.setSlaRates(await slaRates(sums, config.sla, clock.now())),
    );
    cron.every(CLOSE_WINDOWS_EVERY_MS, "drift windows", () => closeWindows({ ...decide, driftSettings }));
    cron.every(SWEEP_GATES_EVERY_MS, "gates", gates.sweep);
    await gates.catchUp();
    await notices.start(cron);
    watchPolicies({
      gates,
      config,
      reloads,
      log,
      onStop,
      onRead: (right) => {
        configRight = right;
      },
    });
    await cron.hourly("retention", () => retain({ store, clock, log, retention: config.retention }));
    log.info({ url, version: VERSION }, "started");
    return { url };
  }
}
