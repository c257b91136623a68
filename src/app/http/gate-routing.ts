import type { StartConfig } from "../../config.ts";
import { teamOf } from "../../domain/notices/team.ts";
import { badgeRoute } from "../../http/badges/badge-route.ts";
import { alertmanagerRoute } from "../../http/routes/gate/alertmanager.ts";
import { eventsRoute } from "../../http/routes/gate/events.ts";
import { gateHistoryRoutes } from "../../http/routes/gate/gate-history.ts";
import { gateRoutes } from "../../http/routes/gate/gates.ts";
import { overrideRoutes } from "../../http/routes/gate/overrides.ts";
import { muteRoutes } from "../../http/routes/notices/mutes.ts";
import type { TypedApp } from "../../http/server/typed-app.ts";
import type { MuteStore, Reader } from "../../ports.ts";
import type { Gates } from "../gates.ts";
import type { LiveSettings } from "../settings.ts";

export interface GateRoutingOptions {
  gates: Gates;
  config: Pick<StartConfig, "metrics" | "limits">;
  settings: LiveSettings;
  reader: Reader;
  mutes: MuteStore;
}

/** Every route that is about gates. */
export function gateRouting(routes: TypedApp, { gates, config, settings, reader, mutes }: GateRoutingOptions): void {
  const { ask, decide, policies, agentEvents } = gates;
  const surroundings = {
    team: (pipeline_name: string) => teamOf(settings.now.teams, pipeline_name),
    teams: () => settings.now.teams,
    depends_on: (pipeline_name: string) => policies.of(pipeline_name).policy.depends_on,
  };
  gateRoutes(routes, { ...ask, ...surroundings });
  gateHistoryRoutes(routes, { ...ask, ...surroundings, reader });
  overrideRoutes(routes, { ...decide, reader });
  badgeRoute(routes, {
    gates: ask,
    reader,
    targets: () => settings.now.sla,
    clock: decide.clock,
    require_key: config.metrics.require_key,
  });
  muteRoutes(routes, { mutes, reader, clock: decide.clock, newId: decide.newId });
  alertmanagerRoute(routes, { ...decide, repeat_interval: () => settings.now.alertmanager.repeat_interval });
  const { listeners_per_key, listeners, listener_timeout } = config.limits;
  const listenerLimits = { per_key: listeners_per_key, all: listeners, timeout: listener_timeout };
  const events = eventsRoute(routes, { ...ask, ...surroundings, agentEvents, listeners: listenerLimits });
  // Whoever holds on is let go first: the server waits for all who are under way.
  routes.addHook("preClose", async () => {
    gates.waiters.stop();
    events.stop();
  });
}
