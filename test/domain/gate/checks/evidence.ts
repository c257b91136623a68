import type { Asking } from "../../../../src/domain/gate/checks/check.ts";
import type {
  AlertEvidence,
  CheckEvidence,
  Evidence,
  FeatureEvidence,
  RejectedEvidence,
  RunEvidence,
  StageEvidence,
} from "../../../../src/domain/gate/evidence/evidence.ts";
import { type SchemaEvidence, schemaEvidence } from "../../../../src/domain/gate/evidence/schema-evidence.ts";
import { DEFAULT_POLICY, type GatePolicy, type PolicyOverlay } from "../../../../src/domain/gate/policy/policy.ts";
import { mergePolicy } from "../../../../src/domain/gate/policy/resolve-policy.ts";
import type { Reason } from "../../../../src/domain/gate/reason.ts";
import type { BaselineSource } from "../../../../src/domain/schema/schema.ts";

export const NOW = Date.UTC(2026, 10, 20, 4, 0);
export const MINUTE = 60_000;

export const asking = (over: Partial<Asking> = {}): Asking => ({ now: NOW, while_running: false, ...over });

export const policy = (overlay: PolicyOverlay = {}): GatePolicy => mergePolicy(DEFAULT_POLICY, overlay);

/** Nothing at all: the pipeline was never heard of. */
export const nothing = (over: Partial<Evidence> = {}): Evidence => ({
  pipeline_name: "orders_daily",
  run: null,
  asked_run_id: null,
  checks: [],
  stages: [],
  features: [],
  referenced_features: [],
  latencies: [],
  freshness: [],
  alerts: [],
  ...over,
});

/** A run that started at 02:00 and ended well at 02:30; it is 04:00. */
export const run = (over: Partial<RunEvidence> = {}): RunEvidence => ({
  run_id: "r1",
  status: "success",
  attempt: 1,
  ended: true,
  started_at: NOW - 120 * MINUTE,
  finished_at: NOW - 90 * MINUTE,
  first_at: NOW - 120 * MINUTE,
  error: null,
  data_interval_end: null,
  invalidated: null,
  ...over,
});

export const going = (over: Partial<RunEvidence> = {}): RunEvidence =>
  run({ status: "started", ended: false, finished_at: null, ...over });

/** A run that ended well, and what is said of it. */
export const evidence = (over: Partial<Evidence> = {}): Evidence => nothing({ run: run(), ...over });

export const check = (over: Partial<CheckEvidence> = {}): CheckEvidence => ({
  check_name: "null_rate",
  score: 1,
  threshold: 0.95,
  severity: "error",
  error: null,
  at: NOW - 95 * MINUTE,
  ...over,
});

export const stage = (name: string, count: number, over: Partial<StageEvidence> = {}): StageEvidence => ({
  stage: name,
  count,
  failed: null,
  expected_min: null,
  ...over,
});

export const feature = (over: Partial<FeatureEvidence> = {}): FeatureEvidence => ({
  feature_name: "amount",
  verdict: "stable",
  psi: 0.01,
  p_value: 0.6,
  threshold: 0.2,
  n_current: 48_000,
  at: NOW - 95 * MINUTE,
  ...over,
});

/** A schema held against another: `user_id int64, amount float64`. */
export function schema(
  was: string | null,
  is: string,
  { dataset = "orders_daily", source = "accepted" }: { dataset?: string; source?: BaselineSource } = {},
): SchemaEvidence {
  const columnsOf = (text: string) =>
    text.split(", ").map((one) => {
      const [name = "", type = ""] = one.split(" ");
      return { name, type, nullable: null };
    });
  const columns = columnsOf(is);
  const baselines = was === null ? [] : [{ source, complete: true, columns: columnsOf(was) }];
  const at = NOW - 95 * MINUTE;
  return schemaEvidence({ dataset, at, version: "v", size: columns.length, complete: true, columns, baselines });
}

export const alert = (over: Partial<AlertEvidence> = {}): AlertEvidence => ({
  fingerprint: "f1",
  alertname: "DiskFull",
  gate: "block",
  summary: "disk of db1 is full",
  starts_at: NOW - 10 * MINUTE,
  expires_at: NOW + 30 * MINUTE,
  ...over,
});

/** `block records_zero load: load counted 0 records, …` */
export const lines = (reasons: readonly Reason[]): string[] =>
  reasons.map(({ severity, code, subject, detail }) => `${severity} ${code} ${subject ?? "-"}: ${detail}`);

/** A count that was refused when the run ended. */
export const rejected = (over: Partial<RejectedEvidence> = {}): RejectedEvidence => ({
  kind: "records",
  item: "load",
  code: "invalid_report",
  why: "count: -5 given; must be a whole number from 0 to 9007199254740991",
  at: NOW - 90 * MINUTE,
  ...over,
});
