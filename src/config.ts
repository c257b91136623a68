export { formatAddress } from "./config/format/fields/address.ts";
export { ConfigError, type ConfigProblem } from "./config/format/problems.ts";
export { redact } from "./config/format/redact.ts";
export { type Files, filesOnDisk } from "./config/format/sources/files.ts";
export type { Environment } from "./config/format/sources/variable.ts";
export { checkApiKey } from "./config/keys/access/check-api-key.ts";
export { isLoopback } from "./config/keys/access/loopback.ts";
export {
  DEPRECATED_FAMILIES,
  SWITCHABLE_FAMILIES,
  type SwitchableFamily,
} from "./config/keys/agent/metric-families.ts";
export { describeConfig } from "./config/keys/describe.ts";
export {
  configFileOf,
  type LoadedConfig,
  type LoadOptions,
  loadApiKeys,
  loadConfig,
  reloading,
} from "./config/keys/load.ts";
export type {
  ChannelConfig,
  DigestConfig,
  NoticeRouteConfig,
  NoticesConfig,
} from "./config/keys/notices/notices-types.ts";
export { isReloaded, RELOADS, type ReloadedKey, type StartConfig } from "./config/keys/reloads.ts";
export { configSchemaText } from "./config/keys/schema.ts";
export type {
  ApiKeyConfig,
  Config,
  KeyRole,
  Limits,
  Listen,
  LogLevel,
  MetricsConfig,
  SlaConfig,
  SlaTarget,
  Team,
  TelemetryConfig,
} from "./config/keys/types.ts";
