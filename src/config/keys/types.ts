import type { GatePolicies } from "../../domain/gate/policy/policy.ts";
import type { Team } from "../../domain/notices/team.ts";
import type { SlaKind } from "../../domain/sla/sla.ts";
import type { SwitchableFamily } from "./agent/metric-families.ts";
import type { NoticesConfig } from "./notices/notices-types.ts";

export type { Team } from "../../domain/notices/team.ts";

/** Everything that can be set, read once at start and frozen. Durations are milliseconds, sizes bytes. */
export interface Config {
  listen: Listen;
  /** Absolute. */
  data_dir: string;
  /** `postgres://…`; null: the embedded server in the data directory. */
  database_url: string | null;
  /** Refused: a second agent waits for the first. */
  redis_url: null;
  log_level: LogLevel;
  api_keys: ApiKeyConfig[];
  /** Addresses and networks (CIDR) of proxies whose X-Forwarded-For and X-Forwarded-Host are taken. */
  trusted_proxies: string[];
  /** How long history is kept. */
  retention: number;
  /** Between the signal and the end of taking requests: /readyz says no meanwhile. */
  shutdown_delay: number;
  metrics: MetricsConfig;
  limits: Limits;
  sla: SlaConfig;
  drift: DriftConfig;
  gate: GatePolicies;
  alertmanager: AlertmanagerConfig;
  teams: Team[];
  aliases: Aliases;
  notices: NoticesConfig;
  telemetry: TelemetryConfig;
}

export interface Listen {
  /** A name or an address, IPv6 without brackets; `::` = all interfaces. */
  host: string;
  /** 0: any free port. */
  port: number;
}

export type LogLevel = "debug" | "info" | "warn" | "error";

export type KeyRole = "report" | "read" | "reference" | "operate" | "alertmanager" | "admin";

export interface ApiKeyConfig {
  name: string;
  /** SHA-256 of the key, 64 lower-case hexadecimal digits. */
  hash: string;
  roles: KeyRole[];
  /** Globs of the pipelines it may touch; null: all. */
  pipelines: string[] | null;
}

export interface MetricsConfig {
  /** How long a counter born above 0 shows 0. */
  birth_hold: number;
  series_cap: number;
  /** Families that are not shown. */
  off: SwitchableFamily[];
  require_key: boolean;
}

export interface Limits {
  /** One body, unpacked. */
  body_bytes: number;
  batch_items: number;
  /** Reports that wait for their commit; past it the answer is 503. */
  queue_reports: number;
  commit_reports: number;
  bodies_in_flight_bytes: number;
  /** For each API key, or each address where there is none; null: unlimited. */
  requests_per_minute: number | null;
  /** Requests that ask for no key, or bring a wrong one, for each address; null: unlimited. */
  keyless_requests_per_minute: number | null;
  /** Open at once. */
  connections: number;
  connections_per_address: number;
  request_timeout: number;
  /** Connections that follow /v1/events: of one API key (or address), and all. */
  listeners_per_key: number;
  listeners: number;
  /** How long data may wait for a listener to take it. */
  listener_timeout: number;
  /** For each API key: past it the answer is 429. */
  new_pipelines_per_minute: number;
  /** Pipelines that are not archived and that one API key was the first to report of; final. */
  pipelines_per_key: number;
  /** Different names of one pipeline; final. */
  stages_per_pipeline: number;
  checks_per_pipeline: number;
  features_per_pipeline: number;
  operations_per_pipeline: number;
  datasets_per_pipeline: number;
}

/** Targets are percentages, above 1 and at most 100. */
export interface SlaConfig {
  target: number;
  targets: SlaTarget[];
}

export interface SlaTarget {
  /** A glob. */
  pipeline_name: string;
  /** Absent: every kind. */
  kind?: SlaKind;
  target: number;
}

/** When a feature has drifted. */
export interface DriftConfig {
  /** PSI above which a difference matters. */
  threshold: number;
  /** Chance of calling a stable feature drifted that is accepted. */
  alpha: number;
  features: DriftFeatureConfig[];
}

/** What holds for single pipelines and features instead. */
export interface DriftFeatureConfig {
  /** A glob. */
  pipeline_name: string;
  /** A glob. */
  feature_name: string;
  threshold?: number;
  alpha?: number;
  /** Reports of the feature are summed into tumbling windows of this length; absent: each is judged by itself. */
  window?: number;
  /** Names that the reference does not hold are told by name. */
  show_values?: boolean;
}

/** Old names of pipelines, each with the new one. No new name is an old one. */
export interface Aliases {
  [old_name: string]: string;
}

export interface AlertmanagerConfig {
  /** How often it repeats what still fires. */
  repeat_interval: number;
}

export interface TelemetryConfig {
  /** Where spans go, the base URL; null: nowhere. */
  otlp_endpoint: string | null;
}
