import { randomBytes } from "node:crypto";
import { startCron } from "./adapters/cron.ts";
import { createLog } from "./adapters/log.ts";
import { createAgentMetrics } from "./adapters/metrics/agent-metrics.ts";
import { Exposition } from "./adapters/metrics/exposition.ts";
import { MetricsRecorder } from "./adapters/metrics/recorder.ts";
import { METRICS_CONTENT_TYPE, writeScrape } from "./adapters/metrics/scrape.ts";
import { waitForServer } from "./adapters/postgres/connect.ts";
import { bringDatabaseUpToDate, bringUpToDate } from "./adapters/postgres/migrate.ts";
import { postgresMutes } from "./adapters/postgres/mutes.ts";
import { openDatabase, openPool } from "./adapters/postgres/open.ts";
import { BY_KEY } from "./adapters/postgres/pool.ts";
import { postgresReader } from "./adapters/postgres/read/reader.ts";
import { PostgresStore } from "./adapters/postgres/store.ts";
import { type OnStop, Teardown } from "./adapters/teardown.ts";
import { gateRouting } from "./app/gate-routing.ts";
import { createGates, type Gates } from "./app/gates.ts";
import { createNotices } from "./app/notices.ts";
import { pageRouting } from "./app/page-routing.ts";
import { NO_RELOADS, type Reloads, watchPolicies } from "./app/watch-policies.ts";
import type { Config } from "./config.ts";
import { addAliases } from "./http/aliases.ts";
import { docsPage, errorsPage, openApi } from "./http/routes/docs.ts";
import { driftRoutes } from "./http/routes/drift.ts";
import { healthRoutes } from "./http/routes/health.ts";
import { metricsRoute } from "./http/routes/metrics.ts";
import { pipelineRoutes } from "./http/routes/pipelines.ts";
import { qualityRoutes } from "./http/routes/quality.ts";
import { referenceRoutes } from "./http/routes/references.ts";
import { reportRoutes } from "./http/routes/reports.ts";
import { runRoutes } from "./http/routes/runs.ts";
import { slaRoutes } from "./http/routes/sla.ts";
import { createServer } from "./http/server.ts";
import type { Clock } from "./ports.ts";
import { AcceptReports } from "./service/accept-reports.ts";
import { closeWindows } from "./service/close-windows.ts";
import { driftSettingsOf } from "./service/drift-settings.ts";
import { archivePipeline } from "./service/operate-gates.ts";
import { slaRates } from "./service/publish-sla-rates.ts";
import { retain } from "./service/retain.ts";
import { VERSION } from "./version.ts";

export interface App {
  /** Resolves when reports are taken. */
  start(): Promise<{ url: string }>;
  /** Stops taking, finishes what was taken, lets go of everything. Twice is harmless. */
  stop(): Promise<void>;
}

const STATEMENT_TIMEOUT_MS = 30_000;
const SLA_RATES_EVERY_MS = 60_000;
const PING_EVERY_MS = 5_000;
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
  const stopping = new AbortController();
  const teardown = new Teardown(log);
  const onStop: OnStop = (name, run) => teardown.add(name, run);
  onStop("log", () => log.info({}, "stopped"));

  return {
    start,
    stop: () => {
      stopping.abort();
      return teardown.run();
    },
  };

  async function start(): Promise<{ url: string }> {
    const [connection, telemetry] = await Promise.all([
      openDatabase(config, log, onStop),
      import("./adapters/metrics/telemetry.ts").then(({ startTelemetry }) =>
        startTelemetry({ version: VERSION, otlp_endpoint: config.telemetry.otlp_endpoint }),
      ),
    ]);
    onStop("telemetry", () => telemetry.shutdown());

    const writePool = openPool(
      { connection, size: 3, statementTimeout: STATEMENT_TIMEOUT_MS, name: "sluice-write", settings: BY_KEY },
      log,
      onStop,
    );
    const readPool = openPool(
      { connection, size: 6, statementTimeout: STATEMENT_TIMEOUT_MS, name: "sluice-read" },
      log,
      onStop,
    );
    const store = new PostgresStore(writePool);
    const reader = postgresReader(readPool);

    const exposition = new Exposition({
      clock,
      birth_hold: config.metrics.birth_hold,
      series_cap: config.metrics.series_cap,
      onDropped: (family, series) => agent.dropped(family, series),
    });
    let storeUp = false;
    let configRight = true;
    const wired = () => ({ agent, gates });
    const notices = await createNotices({ config, pool: writePool, reader, clock, log, onStop, wired });
    const agent = createAgentMetrics(VERSION, {
      queue_reports: () => accept.queued,
      series: () => exposition.series,
      store_up: () => storeUp,
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

    const cron = startCron({ log, clock, onStop });
    let ready = false;
    const server = await createServer({
      api_keys: config.api_keys,
      limits: config.limits,
      log,
      ready: () => ready,
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
        onRefused: (kind) => agent.reports(kind, "rejected", 1),
      });
      slaRoutes(routes, slaDeps);
      pipelineRoutes(routes, { ...slaDeps, archive: (name) => archivePipeline(decide, name, gates.archive) });
      gateRouting(routes, { gates, config, reader, mutes: postgresMutes(writePool) });
      notices.routing(routes);
      runRoutes(routes, { reader });
      qualityRoutes(routes, { reader });
      driftRoutes(routes, { reader });
      referenceRoutes(routes, { ...decide, reader, driftSettings });
      pageRouting(routes, config);
      healthRoutes(routes, {
        check: async () => {
          if (!ready) throw new Error("the store is being opened or the metrics are being restored");
          await reader.ping();
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

    await waitForServer(writePool, log, stopping.signal);
    await bringDatabaseUpToDate(connection, log);
    const renamed = await store.renamePipelines(config.aliases);
    if (renamed.length > 0) log.info({ renamed }, "pipelines go by their new names, with all their history");
    for await (const part of store.restore()) metrics.observe(part);
    storeUp = true;
    ready = true;

    cron.every(SLA_RATES_EVERY_MS, "SLA rates", async () =>
      recorder.setSlaRates(await slaRates(reader, config.sla, clock.now())),
    );
    cron.every(PING_EVERY_MS, "store", async () => {
      storeUp = false;
      await reader.ping();
      storeUp = true;
    });
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

/** Brings the schema of the configured database up to date; answers the numbers of the migrations that were new. */
export async function migrateDatabase(config: Config): Promise<number[]> {
  const log = createLog(config.log_level);
  const teardown = new Teardown(log);
  const onStop: OnStop = (name, run) => teardown.add(name, run);
  try {
    const connection = await openDatabase(config, log, onStop);
    const pool = openPool({ connection, size: 1, statementTimeout: 0, name: "sluice-migrate" }, log, onStop);
    await waitForServer(pool, log, AbortSignal.timeout(30_000));
    return await bringUpToDate(pool, log);
  } finally {
    await teardown.run();
  }
}
