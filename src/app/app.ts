import { startCron } from "../adapters/cron/cron.ts";
import type { Config } from "../config.ts";
import { Authenticator } from "../http/access/auth.ts";
import type { Clock } from "../ports.ts";
import { NewNames } from "../service/new-names/new-names.ts";
import { raisingWhere } from "../service/notices/raise-notices.ts";
import { SharedPolicies } from "../service/replicas/shared-policies.ts";
import { VERSION } from "../version.ts";
import { startClock, startRetention } from "./clock.ts";
import { createGates } from "./gates.ts";
import { createMetrics } from "./http/metrics.ts";
import { addRoutes } from "./http/routing.ts";
import { listen, openServer } from "./http/server.ts";
import { createLifecycle, type Lifecycle } from "./lifecycle.ts";
import { nameLimits } from "./name-limits.ts";
import { createNotices } from "./notices/notices.ts";
import { createReload, NO_RELOADS, type Reloads } from "./reload.ts";
import { startHearing } from "./replicas/hearing.ts";
import { createReports } from "./reports.ts";
import { createSettings, liveDriftSettings } from "./settings.ts";
import { openStore } from "./store.ts";
import { createTakings } from "./taking.ts";

export { migrateDatabase } from "./migrate-database.ts";

export interface App {
  /** Resolves when reports are taken. */
  start(): Promise<{ url: string }>;
  /** From now on /readyz says that it is stopping; all else goes on. Answers whether it takes reports, so that others have to see it. */
  leave(): boolean;
  /** Stops taking, finishes what was taken, lets go of everything. Twice is harmless. */
  stop(): Promise<void>;
  /** Resolves with the reason, in a sentence, where the agent cannot go on: stop it then, and start another process. */
  readonly failed: Promise<string>;
  /** Tells it of an error that nobody handled. */
  crash(error: unknown): void;
}

export async function createApp(config: Config, reloads: Reloads = NO_RELOADS): Promise<App> {
  const life = createLifecycle(config.log_level);
  return { ...life.failure, start: () => start(config, reloads, life), leave: () => life.leave(), stop: life.stop };
}

/** The whole agent, wired in one straight line: each part registers its readings and its teardown as it is made. */
async function start(config: Config, reloads: Reloads, life: Lifecycle): Promise<{ url: string }> {
  const { log, onStop, signal } = life;
  const clock: Clock = { now: Date.now };
  const settings = createSettings(config);
  const onLost = () =>
    life.failure.fail("other agents have given this one up, since it was silent: it may write no more");
  const [opened, telemetry] = await Promise.all([
    openStore({ config, log, onStop, signal, onLost }),
    import("../adapters/metrics/agent/telemetry.ts").then(({ startTelemetry }) =>
      startTelemetry({ version: VERSION, otlp_endpoint: config.telemetry.otlp_endpoint }),
    ),
  ]);
  onStop("telemetry", () => telemetry.shutdown());
  const { store, sums, replicas } = opened;
  const { membership: member } = replicas;

  const { agent, exposition, recorder } = createMetrics({ config, store_up: opened.up, clock, log });
  agent.read({ agents: () => member.others.length + 1, lease_held: replicas.shows });
  const policies = settings.now.gate;
  const raiseNotices = raisingWhere(() => settings.now.notices.channels.length > 0);
  const gates = createGates({ policies, opened, recorder, agent, clock, log, raiseNotices });
  const alone = () => !member.shares;
  const shared = new SharedPolicies({ store, alone, replace: gates.replacePolicies, log }, policies);
  const notices = await createNotices({ config, settings, opened, clock, log, onStop, agent, gates });
  const driftSettings = liveDriftSettings(settings);
  const accept = createReports({ config, decide: gates.decide, driftSettings, telemetry, agent, log });
  const names = new NewNames(nameLimits(config.limits), clock);
  gates.tell({ observe: ({ archived }) => names.forget(archived) });
  const cron = startCron({ log, clock, onStop });

  const authenticator = new Authenticator(config.api_keys);
  const server = await openServer({ config, settings, authenticator, life, member, telemetry });
  const scrape = { exposition, shows: replicas.shows, agent, telemetry };
  const parts = { accept, gates, notices, names, recorder, scrape };
  await addRoutes(server, { ...parts, config, settings, life, opened, driftSettings, clock });
  const takings = createTakings({ life, authenticator, policies: shared, notices });
  const reload = createReload({ settings, takings, reloads, log, agent });
  onStop("accepted reports", () => accept.stop());
  const url = await listen(server, { config, life });

  await opened.join(cron);
  const renamed = await store.renamePipelines(config.aliases);
  if (renamed.length > 0) log.info({ renamed }, "pipelines go by their new names, with all their history");
  for await (const part of store.restore()) {
    gates.afterCommit.observe(part);
    names.restore(part);
  }
  await shared.load(settings.now.gate);
  life.ready = true;

  startHearing({ cron, replicas, store, gates, accept, policies: shared });
  startClock({ cron, store, settings, sums, replicas, recorder, gates, accept, driftSettings, clock });
  await gates.catchUp();
  await notices.start(cron);
  reload.watch(onStop);
  await startRetention({ cron, replicas, store, clock, log, retention: config.retention });
  log.info({ url, version: VERSION }, "started");
  return { url };
}
