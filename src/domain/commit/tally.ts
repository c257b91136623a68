import { driftPasses, type FeatureVerdict } from "../drift/drift.ts";
import { addLatencyBuckets, type LatencyBuckets } from "../reports/buckets.ts";
import { type Reach, reached } from "../reports/reach.ts";
import type {
  DriftReport,
  EndStatus,
  FreshnessReport,
  LatencyReport,
  QualityCheck,
  QualityReport,
  RecordsReport,
} from "../reports/report.ts";
import { type EvidencePlace, placeOfEvidence, type SaidPlace } from "../runs/attempts/attempt-of-evidence.ts";
import type { RunEntry } from "../runs/runs-of-commit.ts";
import type { SlaKind } from "../sla/sla.ts";
import { join } from "../words/key.ts";
import { atLeast } from "../words/tolerance.ts";
import {
  emptyLooseTally,
  keepLatest,
  type LooseTally,
  tallyLooseCheck,
  tallyLooseFeature,
  weightierVerdict,
  worseResult,
} from "./tally-loose.ts";
import { type SlaDelta, tallySla } from "./tally-sla.ts";

/** The subject of SLA events of kind `run`: the run as a whole. */
export const RUN_SUBJECT = "run";

/** What the reports of one commit add up to, so that each row of the store is touched once. */
export interface Tally extends LooseTally {
  run_totals: Map<string, { pipeline_name: string; status: EndStatus; count: number }>;
  durations: Map<string, LatencyBuckets>;
  records: { report: RecordsReport; entry: RunEntry }[];
  run_records: Map<string, RunRecords>;
  records_totals: Map<string, { pipeline_name: string; stage: string; processed: bigint; failed: bigint }>;
  /** `entry` null: reported without a run_id, and no run-less run was open (loose). */
  checks: { report: QualityReport; check: QualityCheck; entry: RunEntry | null }[];
  run_checks: Map<string, RunCheck>;
  sla_hours: Map<string, SlaDelta>;
  sla_days: Map<string, SlaDelta>;
  latencies: { report: LatencyReport; entry: RunEntry | null }[];
  latency_totals: Map<string, { pipeline_name: string; operation: string; histogram: LatencyBuckets }>;
  freshness: { report: FreshnessReport; entry: RunEntry | null }[];
  data_through: Map<string, { pipeline_name: string; dataset: string } & Reach>;
  verdicts: { report: JudgedDrift; verdict: FeatureVerdict; entry: RunEntry | null }[];
  run_features: Map<string, RunFeature>;
  sla_events: SlaEvent[];
  /** Runs whose event in the SLA of runs is another one now, or none: the one that is stored is taken back. */
  sla_taken_back: RunEntry[];
  /** Runs that brought latencies and freshness, with the sum and the latest of them. */
  run_latencies: Map<string, { entry: RunEntry; operation: string; histogram: LatencyBuckets }>;
  run_freshness: Map<string, { entry: RunEntry; dataset: string } & Reach>;
}

/** What evidence says of its place, 0 where nothing, and where it stands (attempt-of-evidence.ts). */
export interface StoredPlace extends EvidencePlace {
  attempt: number;
  try: number;
}

export interface RunRecords extends StoredPlace {
  entry: RunEntry;
  stage: string;
  part: string;
  count: bigint;
  failed: bigint | null;
  /** The least of the part; the greatest that was said. */
  expected_min: number | null;
  /** The least of the whole stage; the greatest that was said. */
  stage_expected_min: number | null;
  /** The earliest and the latest `at` of its reports. */
  first_at: number;
  last_at: number;
}

export interface RunCheck extends StoredPlace {
  entry: RunEntry;
  check: QualityCheck;
  at: number;
}

export interface RunFeature extends StoredPlace {
  entry: RunEntry;
  verdict: FeatureVerdict;
  at: number;
}

/** As much of a drift report as its verdicts need; a verdict on a window says no attempt. */
export type JudgedDrift = Pick<DriftReport, "pipeline_name" | "at" | "attempt" | "try">;

/** A judged thing that is not a quality result. */
export interface SlaEvent {
  pipeline_name: string;
  kind: Exclude<SlaKind, "quality">;
  subject: string;
  entry: RunEntry | null;
  at: number;
  passed: boolean;
  value: number | null;
  threshold: number | null;
}

export function emptyTally(): Tally {
  return {
    run_totals: new Map(),
    durations: new Map(),
    records: [],
    run_records: new Map(),
    records_totals: new Map(),
    checks: [],
    run_checks: new Map(),
    sla_hours: new Map(),
    sla_days: new Map(),
    latencies: [],
    latency_totals: new Map(),
    freshness: [],
    data_through: new Map(),
    verdicts: [],
    run_features: new Map(),
    ...emptyLooseTally(),
    sla_events: [],
    sla_taken_back: [],
    run_latencies: new Map(),
    run_freshness: new Map(),
  };
}

export function storedPlace(said: SaidPlace, place: EvidencePlace): StoredPlace {
  return { attempt: said.attempt ?? 0, try: said.try ?? 0, ...place };
}

/** From then on the run's gauges are read from the store, which knows all tries. */
export function noteTry(entry: RunEntry, { try_no }: EvidencePlace): void {
  if (try_no === 1 || entry.run.tried) return;
  entry.run.tried = true;
  entry.dirty = true;
}

export function tallyQuality(tally: Tally, report: QualityReport, entry: RunEntry | null): void {
  const { pipeline_name } = report;
  for (const check of report.checks) {
    tally.checks.push({ report, check, entry });
    if (entry === null) tallyLooseCheck(tally, { pipeline_name, check, at: report.at });
    else keepCheck(tally, report, check, entry);
    const passed = passes(check);
    if (passed !== null) {
      tallySla(tally, { pipeline_name, kind: "quality", subject: check.check_name, at: report.at, passed, entry });
    }
  }
}

function keepCheck({ run_checks }: Tally, report: QualityReport, check: QualityCheck, entry: RunEntry): void {
  const place = storedPlace(report, placeOfEvidence(entry.run.attempts, report));
  noteTry(entry, place);
  const candidate = { entry, check, at: report.at, ...place };
  const { pipeline_name, run_id } = entry.run;
  const key = join(pipeline_name, run_id, check.check_name, `${place.attempt} ${place.try}`);
  keepLatest(run_checks, key, candidate, worseResult);
}

export function passes(check: QualityCheck): boolean | null {
  return check.score === null ? null : atLeast(check.score, check.threshold);
}

/** A verdict that says neither yes nor no (too few rows, no reference) is no SLA event. */
export function tallyDrift(
  tally: Tally,
  report: JudgedDrift,
  verdicts: readonly FeatureVerdict[],
  entry: RunEntry | null,
): void {
  const { pipeline_name, at: when } = report;
  for (const verdict of verdicts) {
    tally.verdicts.push({ report, verdict, entry });
    const { feature_name, psi, threshold } = verdict;
    if (entry === null) tallyLooseFeature(tally, { pipeline_name, verdict, at: when });
    else keepFeature(tally, report, verdict, entry);
    const passed = driftPasses(verdict.verdict);
    if (passed === null) continue;
    const event: SlaEvent = {
      pipeline_name,
      kind: "drift",
      subject: feature_name,
      entry,
      at: when,
      passed,
      value: psi,
      threshold,
    };
    tally.sla_events.push(event);
    tallySla(tally, event);
  }
}

function keepFeature({ run_features }: Tally, report: JudgedDrift, verdict: FeatureVerdict, entry: RunEntry): void {
  const place = storedPlace(report, placeOfEvidence(entry.run.attempts, report));
  noteTry(entry, place);
  const { pipeline_name, run_id } = entry.run;
  const key = join(pipeline_name, run_id, verdict.feature_name, `${place.attempt} ${place.try}`);
  keepLatest(run_features, key, { entry, verdict, at: report.at, ...place }, weightierVerdict);
}

export function tallyLatency(tally: Tally, report: LatencyReport, entry: RunEntry | null): void {
  const { pipeline_name, operation, histogram } = report;
  tally.latencies.push({ report, entry });
  addTo(tally.latency_totals, join(pipeline_name, operation), { pipeline_name, operation, histogram });
  if (entry !== null)
    addTo(tally.run_latencies, join(pipeline_name, entry.run.run_id, operation), { entry, operation, histogram });
}

export function tallyFreshness(tally: Tally, report: FreshnessReport, entry: RunEntry | null): void {
  const { pipeline_name, dataset } = report;
  tally.freshness.push({ report, entry });
  const key = join(pipeline_name, dataset);
  tally.data_through.set(key, { pipeline_name, dataset, ...reached(tally.data_through.get(key), report) });
  if (entry === null) return;
  const keyOfRun = join(pipeline_name, entry.run.run_id, dataset);
  tally.run_freshness.set(keyOfRun, { entry, dataset, ...reached(tally.run_freshness.get(keyOfRun), report) });
}

function addTo<V extends { histogram: LatencyBuckets }>(sums: Map<string, V>, key: string, value: V): void {
  const known = sums.get(key);
  if (known !== undefined) addLatencyBuckets(known.histogram, value.histogram);
  else sums.set(key, { ...value, histogram: { ...value.histogram, buckets: [...value.histogram.buckets] } });
}
