import type { Section } from "../format/section.ts";
import { alertmanager } from "./access/alertmanager.ts";
import { apiKeys } from "./access/api-keys.ts";
import { listen } from "./access/listen.ts";
import { trustedProxies } from "./access/trusted-proxies.ts";
import { dataDir } from "./agent/data-dir.ts";
import { databaseUrl } from "./agent/database-url.ts";
import { limits } from "./agent/limits.ts";
import { logLevel } from "./agent/log-level.ts";
import { metrics } from "./agent/metrics.ts";
import { redisUrl } from "./agent/redis-url.ts";
import { retention } from "./agent/retention.ts";
import { shutdownDelay } from "./agent/shutdown-delay.ts";
import { telemetry } from "./agent/telemetry.ts";
import { drift } from "./drift/drift.ts";
import { aliases } from "./gate/aliases.ts";
import { gate } from "./gate/gate.ts";
import { notices } from "./notices/notices.ts";
import { teams } from "./notices/teams.ts";
import { sla } from "./sla/sla.ts";
import type { Config } from "./types.ts";

/** Every key of sluice.yaml. */
export const SECTIONS: { [K in keyof Config]: Section<Config[K]> } = {
  listen,
  data_dir: dataDir,
  database_url: databaseUrl,
  redis_url: redisUrl,
  log_level: logLevel,
  api_keys: apiKeys,
  trusted_proxies: trustedProxies,
  retention,
  shutdown_delay: shutdownDelay,
  metrics,
  limits,
  sla,
  drift,
  gate,
  alertmanager,
  teams,
  aliases,
  notices,
  telemetry,
};
