export { checkApiKey } from "./config/check-api-key.ts";
export { describeConfig } from "./config/describe.ts";
export { formatAddress } from "./config/fields/address.ts";
export { type Files, filesOnDisk } from "./config/files.ts";
export {
  configFileOf,
  type LoadedConfig,
  type LoadOptions,
  loadApiKeys,
  loadConfig,
  reloading,
} from "./config/load.ts";
export { isLoopback } from "./config/loopback.ts";
export type { ChannelConfig, DigestConfig, NoticeRouteConfig, NoticesConfig } from "./config/notices-types.ts";
export { ConfigError, type ConfigProblem } from "./config/problems.ts";
export { redact } from "./config/redact.ts";
export { configSchemaText } from "./config/schema.ts";
export type {
  ApiKey,
  Config,
  Limits,
  Listen,
  LogLevel,
  MetricsConfig,
  Role,
  SlaConfig,
  SlaTarget,
  TelemetryConfig,
} from "./config/types.ts";
export type { Environment } from "./config/variable.ts";
