import { addHistogram, DURATION_BUCKETS, emptyHistogram, type Histogram, histogramOf } from "./buckets.ts";
import { driftPasses, type FeatureVerdict } from "./drift.ts";
import { type Reach, reached } from "./reach.ts";
import type {
  DriftReport,
  EndStatus,
  FreshnessReport,
  LatencyReport,
  QualityCheck,
  QualityReport,
  RecordsReport,
} from "./report.ts";
import type { RunApplied, RunEntry } from "./run-book.ts";
import type { SlaKind } from "./sla.ts";
import { at, join } from "./tally-key.ts";
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
  durations: Map<string, Histogram>;
  records: { report: RecordsReport; entry: RunEntry }[];
  run_records: Map<string, RunRecords>;
  records_totals: Map<string, { pipeline_name: string; stage: string; processed: bigint; failed: bigint }>;
  /** `entry` null: reported without a run_id, and no run-less run was open (loose). */
  checks: { report: QualityReport; check: QualityCheck; entry: RunEntry | null }[];
  run_checks: Map<string, RunCheck>;
  sla_hours: Map<string, SlaDelta>;
  sla_days: Map<string, SlaDelta>;
  latencies: { report: LatencyReport; entry: RunEntry | null }[];
  latency_totals: Map<string, { pipeline_name: string; operation: string; histogram: Histogram }>;
  freshness: { report: FreshnessReport; entry: RunEntry | null }[];
  data_through: Map<string, { pipeline_name: string; dataset: string } & Reach>;
  verdicts: { report: Pick<DriftReport, "pipeline_name" | "at">; verdict: FeatureVerdict; entry: RunEntry | null }[];
  run_features: Map<string, RunFeature>;
  sla_events: SlaEvent[];
  /** Runs that brought latencies and freshness, with the sum and the latest of them. */
  run_latencies: Map<string, { entry: RunEntry; operation: string; histogram: Histogram }>;
  run_freshness: Map<string, { entry: RunEntry; dataset: string } & Reach>;
}

export interface RunRecords {
  entry: RunEntry;
  stage: string;
  part: string;
  attempt: number;
  count: bigint;
  failed: bigint | null;
  expected_min: number | null;
}

export interface RunCheck {
  entry: RunEntry;
  check: QualityCheck;
  at: number;
}

export interface RunFeature {
  entry: RunEntry;
  verdict: FeatureVerdict;
  at: number;
}

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
    run_latencies: new Map(),
    run_freshness: new Map(),
  };
}

export function tallyRun(tally: Tally, { entry, counted, durations }: RunApplied, when: number): void {
  const { pipeline_name } = entry.run;
  if (counted !== null) {
    tallyRunEnd(tally, entry, counted, when);
    const key = join(pipeline_name, counted);
    const total = at(tally.run_totals, key, () => ({ pipeline_name, status: counted, count: 0 }));
    total.count++;
  }
  if (durations.length > 0) {
    const histogram = at(tally.durations, pipeline_name, () => emptyHistogram(DURATION_BUCKETS));
    addHistogram(histogram, histogramOf(DURATION_BUCKETS, durations));
  }
}

/** The end of an attempt that will be retried is no end of the run, and a skipped run had nothing to do well or badly. */
function tallyRunEnd(tally: Tally, entry: RunEntry, status: EndStatus, when: number): void {
  if (status === "retrying" || status === "skipped") return;
  const { pipeline_name } = entry.run;
  const passed = status === "success";
  const event = {
    pipeline_name,
    kind: "run",
    subject: RUN_SUBJECT,
    entry,
    at: when,
    passed,
    value: null,
    threshold: null,
  } as const;
  tally.sla_events.push(event);
  tallySla(tally, event);
}

/** Counts of one attempt add up; a higher attempt replaces what lower ones said for that part. */
export function tallyRecords(tally: Tally, report: RecordsReport, entry: RunEntry): void {
  const { pipeline_name, stage, part, attempt } = report;
  tally.records.push({ report, entry });
  const total = at(tally.records_totals, join(pipeline_name, stage), () => ({
    pipeline_name,
    stage,
    processed: 0n,
    failed: 0n,
  }));
  total.processed += BigInt(report.count);
  total.failed += BigInt(report.failed ?? 0);
  const key = join(pipeline_name, entry.run.run_id, stage, part);
  const known = tally.run_records.get(key);
  if (known === undefined || attempt > known.attempt) {
    const failed = report.failed === null ? null : BigInt(report.failed);
    const { expected_min } = report;
    tally.run_records.set(key, { entry, stage, part, attempt, count: BigInt(report.count), failed, expected_min });
  } else if (attempt === known.attempt) {
    known.count += BigInt(report.count);
    if (report.failed !== null) known.failed = (known.failed ?? 0n) + BigInt(report.failed);
    if (report.expected_min !== null) known.expected_min = Math.max(known.expected_min ?? 0, report.expected_min);
  }
}

export function tallyQuality(tally: Tally, report: QualityReport, entry: RunEntry | null): void {
  const { pipeline_name } = report;
  for (const check of report.checks) {
    tally.checks.push({ report, check, entry });
    if (entry === null) tallyLooseCheck(tally, { pipeline_name, check, at: report.at });
    else {
      const key = join(pipeline_name, entry.run.run_id, check.check_name);
      keepLatest(tally.run_checks, key, { entry, check, at: report.at }, worseResult);
    }
    const passed = passes(check);
    if (passed !== null) {
      tallySla(tally, { pipeline_name, kind: "quality", subject: check.check_name, at: report.at, passed, entry });
    }
  }
}

export function passes(check: QualityCheck): boolean | null {
  return check.score === null ? null : check.score >= check.threshold;
}

/** A verdict that says neither yes nor no (too few rows, no reference) is no SLA event. */
export function tallyDrift(
  tally: Tally,
  report: Pick<DriftReport, "pipeline_name" | "at">,
  verdicts: readonly FeatureVerdict[],
  entry: RunEntry | null,
): void {
  const { pipeline_name, at: when } = report;
  for (const verdict of verdicts) {
    tally.verdicts.push({ report, verdict, entry });
    const { feature_name, psi, threshold } = verdict;
    if (entry === null) tallyLooseFeature(tally, { pipeline_name, verdict, at: when });
    else {
      const key = join(pipeline_name, entry.run.run_id, feature_name);
      keepLatest(tally.run_features, key, { entry, verdict, at: when }, weightierVerdict);
    }
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

function addTo<V extends { histogram: Histogram }>(sums: Map<string, V>, key: string, value: V): void {
  const known = sums.get(key);
  if (known !== undefined) addHistogram(known.histogram, value.histogram);
  else sums.set(key, { ...value, histogram: { ...value.histogram, buckets: [...value.histogram.buckets] } });
}
