export type { Client } from "./client.ts";
export { createClient } from "./create-client.ts";
export { type DecisionReason as Reason, GateBlocked, type GateDecision as Decision } from "./gate/decision.ts";
export type { Gate, GateOptions, GateQuestion } from "./gate/gate.ts";
export type { FeatureInput, FeatureKind, FeatureValue, FeatureValues, HistogramBody } from "./histogram/feature.ts";
export { type ReferenceOptions, referenceFrom } from "./histogram/reference-from.ts";
export type { Logger } from "./host/logger.ts";
export type { AttachOptions, Pipeline, RunOptions } from "./pipeline.ts";
export type { DriftOptions, QualityOptions, RecordsOptions, RunHandle as Run } from "./report/run.ts";
export type {
  CheckSeverity as Severity,
  DriftReportBody as DriftReport,
  FeatureReportBody as FeatureReport,
  FreshnessReportBody as FreshnessReport,
  LatencyReportBody as LatencyReport,
  LostItemBody as LostItem,
  QualityReportBody as QualityReport,
  RecordsReportBody as RecordsReport,
  ReportBody as Report,
  ReportedRunStatus as RunStatus,
  RunReportBody as RunReport,
  Time,
} from "./report/wire.ts";
export type { ClientOptions } from "./settings.ts";
export { ClientError as SluiceError } from "./sluice-error.ts";
export type { Stats } from "./stats.ts";
export { SluiceUsageError } from "./usage-error.ts";
