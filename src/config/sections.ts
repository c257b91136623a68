import type { Section } from "./section.ts";
import { alertmanager } from "./sections/alertmanager.ts";
import { aliases } from "./sections/aliases.ts";
import { apiKeys } from "./sections/api-keys.ts";
import { dataDir } from "./sections/data-dir.ts";
import { databaseUrl } from "./sections/database-url.ts";
import { drift } from "./sections/drift.ts";
import { gate } from "./sections/gate.ts";
import { limits } from "./sections/limits.ts";
import { listen } from "./sections/listen.ts";
import { logLevel } from "./sections/log-level.ts";
import { metrics } from "./sections/metrics.ts";
import { notices } from "./sections/notices.ts";
import { redisUrl } from "./sections/redis-url.ts";
import { retention } from "./sections/retention.ts";
import { sla } from "./sections/sla.ts";
import { teams } from "./sections/teams.ts";
import { telemetry } from "./sections/telemetry.ts";
import { trustedProxies } from "./sections/trusted-proxies.ts";
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
