import type { AgentTelemetry } from "../../adapters/metrics/agent/telemetry.ts";
import type { StartConfig } from "../../config.ts";
import type { Authenticator } from "../../http/access/auth.ts";
import { openApi } from "../../http/routes/agent/docs.ts";
import { createServer } from "../../http/server/server.ts";
import type { TypedApp } from "../../http/server/typed-app.ts";
import { VERSION } from "../../version.ts";
import type { Lifecycle } from "../lifecycle.ts";
import { type LiveSettings, madeOf } from "../settings.ts";
import type { OpenStore } from "../store.ts";

/** How long requests that are under way may take to end when the agent stops. */
const CLOSE_TIMEOUT_MS = 5_000;
/** Connections that the kernel may hold until they are accepted: a thousand schedulers may ask on the same minute. */
const BACKLOG = 4096;

export interface ServerParts {
  config: StartConfig;
  settings: LiveSettings;
  authenticator: Authenticator;
  life: Lifecycle;
  member: OpenStore["replicas"]["membership"];
  telemetry: AgentTelemetry;
}

/** The HTTP server, without its routes. */
export async function openServer({
  config,
  settings,
  authenticator,
  life,
  member,
  telemetry,
}: ServerParts): Promise<TypedApp> {
  const { limits, trusted_proxies } = config;
  const server = await createServer({
    authenticator,
    limits,
    trusted_proxies,
    own_hosts: madeOf(
      settings,
      ({ notices }) => notices.public_url,
      (url) => (url === null ? [] : [new URL(url).host]),
    ),
    log: life.log,
    ready: () => life.ready,
    leaving: () => life.leaving,
    doubt: { arises: () => member.doubtful, confirm: () => member.confirm() },
    onAnswer: telemetry.request,
  });
  await openApi(server, VERSION);
  return server;
}

/** Takes requests from now on. Resolves with the URL. */
export function listen(server: TypedApp, { config, life }: Pick<ServerParts, "config" | "life">): Promise<string> {
  life.onStop("server", () => {
    // Whoever is still sending then does not keep the agent from ending in time.
    setTimeout(() => server.server.closeAllConnections(), CLOSE_TIMEOUT_MS).unref();
    return server.close();
  });
  return server.listen({ host: config.listen.host, port: config.listen.port, backlog: BACKLOG });
}
