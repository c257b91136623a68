import type { AgentMetrics } from "../../adapters/metrics/agent/agent-metrics.ts";
import type { MetricsRecorder } from "../../adapters/metrics/domain/recorder.ts";
import { METRICS_CONTENT_TYPE, type ScrapeSources, writeScrape } from "../../adapters/metrics/scrape.ts";
import { postgresMutes } from "../../adapters/postgres/gate/mutes.ts";
import { describeConfig, type StartConfig } from "../../config.ts";
import { addAliases } from "../../http/parameters/aliases.ts";
import { configRoute } from "../../http/routes/agent/config.ts";
import { docsPage, errorsPage } from "../../http/routes/agent/docs.ts";
import { healthRoutes } from "../../http/routes/agent/health.ts";
import { homeRoute } from "../../http/routes/agent/home.ts";
import { metricsRoute } from "../../http/routes/agent/metrics.ts";
import { qualityRoutes } from "../../http/routes/commit/quality.ts";
import { reportRoutes } from "../../http/routes/commit/reports.ts";
import { driftRoutes } from "../../http/routes/drift/drift.ts";
import { referenceRoutes } from "../../http/routes/drift/references.ts";
import { pipelineRoutes } from "../../http/routes/runs/pipelines.ts";
import { runRoutes } from "../../http/routes/runs/runs.ts";
import { schemaRoutes } from "../../http/routes/schema/schema.ts";
import { slaRoutes } from "../../http/routes/sla/sla.ts";
import type { TypedApp } from "../../http/server/typed-app.ts";
import type { Clock } from "../../ports.ts";
import type { AcceptReports } from "../../service/commit/accept-reports.ts";
import type { driftSettingsOf } from "../../service/drift/drift-settings.ts";
import type { NewNames } from "../../service/new-names/new-names.ts";
import type { Gates } from "../gates.ts";
import type { Lifecycle } from "../lifecycle.ts";
import type { Notices } from "../notices/notices.ts";
import type { LiveSettings } from "../settings.ts";
import type { OpenStore } from "../store.ts";
import { archiving } from "./archiving.ts";
import { gateRouting } from "./gate-routing.ts";

export interface RoutingParts {
  config: StartConfig;
  settings: LiveSettings;
  life: Pick<Lifecycle, "ready" | "leaving">;
  opened: OpenStore;
  accept: AcceptReports;
  gates: Gates;
  notices: Notices;
  names: NewNames;
  recorder: MetricsRecorder;
  scrape: ScrapeSources & { agent: AgentMetrics };
  driftSettings: ReturnType<typeof driftSettingsOf>;
  clock: Clock;
}

/** Every route of the agent. */
export async function addRoutes(server: TypedApp, parts: RoutingParts): Promise<void> {
  const { config, settings, life, opened, accept, gates, notices, names, recorder, scrape, driftSettings, clock } =
    parts;
  const { reader, write, replicas } = opened;
  await server.register(async (routes) => {
    const slaDeps = { reader, targets: () => settings.now.sla, clock };
    addAliases(routes, config.aliases);
    reportRoutes(routes, {
      accept,
      intake: () => ({ now: clock.now(), oldest: clock.now() - config.retention }),
      aliases: new Map(Object.entries(config.aliases)),
      batch_items: config.limits.batch_items,
      names,
      onRefused: (kind) => scrape.agent.reports(kind, "rejected", 1),
    });
    slaRoutes(routes, slaDeps);
    pipelineRoutes(routes, { ...slaDeps, archive: archiving({ gates, recorder, accept }) });
    gateRouting(routes, { gates, config, settings, reader, mutes: postgresMutes(write, replicas.membership.guard) });
    notices.routing(routes);
    runRoutes(routes, { reader });
    qualityRoutes(routes, { reader });
    driftRoutes(routes, { reader });
    referenceRoutes(routes, { ...gates.decide, reader, driftSettings, names });
    schemaRoutes(routes, { ...gates.decide, reader, names });
    homeRoute(routes);
    configRoute(routes, () => describeConfig(settings.now));
    healthRoutes(routes, {
      check: async () => {
        if (life.leaving) throw new Error("the agent is stopping");
        if (!life.ready) throw new Error(opened.missing());
        await opened.check();
      },
    });
    metricsRoute(routes, {
      content_type: METRICS_CONTENT_TYPE,
      write: (sink) => writeScrape(scrape, sink),
      require_key: config.metrics.require_key,
    });
  });
  errorsPage(server);
  docsPage(server);
}
