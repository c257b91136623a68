export type { Client } from "./client.ts";
export { createClient } from "./create-client.ts";
export { type Decision, GateBlocked, type Reason } from "./gate/decision.ts";
export type { Gate, GateOptions, GateQuestion } from "./gate/gate.ts";
export type { FeatureInput, FeatureValue, FeatureValues, HistogramBody } from "./histogram/feature.ts";
export { type ReferenceOptions, referenceFrom } from "./histogram/reference-from.ts";
export type { Logger } from "./host/logger.ts";
export type { AttachOptions, Pipeline, RunOptions } from "./pipeline.ts";
export type { DriftOptions, QualityOptions, RecordsOptions, Run } from "./report/run.ts";
export type {
  DriftReport,
  FeatureReport,
  FreshnessReport,
  LatencyReport,
  LostItem,
  QualityReport,
  RecordsReport,
  Report,
  RunReport,
  RunStatus,
  Severity,
  Time,
} from "./report/wire.ts";
export type { ClientOptions } from "./settings.ts";
export { SluiceError } from "./sluice-error.ts";
export type { Stats } from "./stats.ts";
export { SluiceUsageError } from "./usage-error.ts";
