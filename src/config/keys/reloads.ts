import type { Config } from "./types.ts";

/** Whether a running agent takes a key on when the configuration is read again; the others hold from the next start. */
export const RELOADS = {
  listen: false,
  data_dir: false,
  database_url: false,
  redis_url: false,
  log_level: true,
  api_keys: true,
  trusted_proxies: false,
  // It deletes history: a slip of the pen may not act within the hour.
  retention: false,
  shutdown_delay: false,
  metrics: false,
  limits: false,
  sla: true,
  drift: true,
  gate: true,
  alertmanager: true,
  teams: true,
  // Stored names are changed by it, before the first report is taken.
  aliases: false,
  notices: true,
  telemetry: false,
} as const satisfies Record<keyof Config, boolean>;

export type ReloadedKey = { [K in keyof Config]: (typeof RELOADS)[K] extends true ? K : never }[keyof Config];

/** What holds from the start of an agent to its end. */
export type StartConfig = Omit<Config, ReloadedKey>;

export function isReloaded(key: keyof Config): key is ReloadedKey {
  return RELOADS[key];
}
