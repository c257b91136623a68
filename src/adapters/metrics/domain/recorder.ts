import type { CheckGauge, Committed, FeatureGauge, Headline, LatencyTotal } from "../../../domain/commit/committed.ts";
import { weightierVerdict, worseResult } from "../../../domain/commit/newest.ts";
import { VECTOR_SEARCH } from "../../../domain/reports/buckets.ts";
import { RUN_STATUSES } from "../../../domain/reports/report.ts";
import { exportedNumber } from "../../../domain/words/tolerance.ts";
import type { AfterCommit, GateGauges } from "../../../ports.ts";
import type { Exposition } from "../exposition/exposition.ts";
import type { LabelsOf, NameOf } from "../names.ts";
import { GateMetrics } from "./gate-metrics.ts";
import { Newest, type Order, type Show } from "./newest.ts";

export interface SlaRates {
  /** `ratio` is 0 to 1; checks and pipelines without data are left out. */
  checks: { pipeline_name: string; check_name: string; window: string; ratio: number }[];
  pipelines: { pipeline_name: string; window: string; ratio: number }[];
  /** The target of each of these pipelines. */
  targets: { pipeline_name: string; ratio: number }[];
}

/**
 * The birth time of pipelines that were never announced as born: their totals are old, and holding them at 0 would show them as
 * a sudden rise.
 */
const LONG_AGO = Number.NEGATIVE_INFINITY;

/** Shows what the store holds. A failure is reported and never thrown: the reports behind it are already committed. */
export class MetricsRecorder implements AfterCommit, GateGauges {
  readonly #exposition: Exposition;
  readonly #onFailure: (error: unknown) => void;
  readonly #checks = new Map<string, Newest<CheckGauge>>();
  readonly #features = new Map<string, Newest<FeatureGauge>>();
  readonly #gates: GateMetrics;

  constructor(exposition: Exposition, onFailure: (error: unknown) => void) {
    this.#exposition = exposition;
    this.#onFailure = onFailure;
    this.#gates = new GateMetrics(exposition);
  }

  observe(committed: Committed): void {
    const to = this.#exposition;
    this.#each(committed.births, ({ pipeline_name, born_at }) => this.#birth(pipeline_name, born_at));
    this.#each(committed.runs, ({ pipeline_name, status, total }) => {
      this.#birth(pipeline_name, LONG_AGO);
      to.counter("pipeline_runs_total", [pipeline_name, status], total, LONG_AGO);
    });
    this.#each(committed.durations, ({ pipeline_name, histogram }) => {
      this.#birth(pipeline_name, LONG_AGO);
      to.histogram("pipeline_duration_seconds", [pipeline_name], histogram, LONG_AGO);
    });
    this.#each(committed.records, ({ pipeline_name, stage, processed, failed, born_at }) => {
      to.counter("records_processed_total", [pipeline_name, stage], processed, born_at);
      to.counter("records_failed_total", [pipeline_name, stage], failed, born_at);
    });
    this.#each(committed.latencies, (latency) => this.#latency(latency));
    this.#each(committed.freshness, ({ pipeline_name, dataset, data_through }) => {
      to.gauge("data_through_timestamp_seconds", [pipeline_name, dataset], data_through / 1000);
    });
    this.#each(committed.headlines, (headline) => this.#headline(headline));
    this.#each(committed.checks, (check) => {
      this.#checksOf(check.pipeline_name).observe(check, this.#showCheck(check.pipeline_name));
    });
    this.#each(committed.features, (feature) => {
      this.#featuresOf(feature.pipeline_name).observe(feature, this.#showFeature(feature.pipeline_name));
    });
    this.#each(committed.gate_decisions, (count) => this.#gates.count(count));
    this.#each(committed.rechecked, ({ pipeline_name, checks, features }) => {
      this.#checksOf(pipeline_name).replace(checks, this.#showCheck(pipeline_name));
      this.#featuresOf(pipeline_name).replace(features, this.#showFeature(pipeline_name));
    });
    if (committed.archived.length > 0) this.archive(...committed.archived);
  }

  birthDecisions(): void {
    this.#guard(() => this.#gates.birth());
  }

  showGates(gates: Parameters<GateGauges["showGates"]>[0]): void {
    this.#guard(() => this.#gates.showGates(gates));
  }

  showUpstreams(edges: Parameters<GateGauges["showUpstreams"]>[0]): void {
    this.#guard(() => this.#gates.showUpstreams(edges));
  }

  /** Sets the rates of these pipelines to exactly these. */
  setSlaRates(pipelineNames: readonly string[], { checks, pipelines, targets }: SlaRates): void {
    this.#guard(() => {
      if (!this.#exposition.shows("sla_rate_ratio")) return;
      const rows = checks.map((rate) => ({
        labels: [rate.pipeline_name, rate.check_name, rate.window] as const,
        value: exportedNumber(rate.ratio),
      }));
      this.#exposition.replaceGaugesOf("sla_rate_ratio", pipelineNames, rows);
    });
    this.#guard(() => {
      const rows = pipelines.map((rate) => ({
        labels: [rate.pipeline_name, rate.window] as const,
        value: exportedNumber(rate.ratio),
      }));
      this.#exposition.replaceGaugesOf("pipeline_sla_rate_ratio", pipelineNames, rows);
    });
    this.#guard(() => {
      const rows = targets.map((target) => ({
        labels: [target.pipeline_name] as const,
        value: exportedNumber(target.ratio),
      }));
      this.#exposition.replaceGaugesOf("pipeline_sla_target_ratio", pipelineNames, rows);
    });
  }

  /** Every series of these pipelines leaves. */
  archive(...pipelineNames: readonly string[]): void {
    this.#guard(() => {
      for (const pipelineName of pipelineNames) {
        this.#checks.delete(pipelineName);
        this.#features.delete(pipelineName);
      }
      this.#exposition.removePipelines(pipelineNames);
    });
  }

  /** Tries to make room for folded series. True: there is room, and the caller shows everything stored again. */
  unfold(): boolean {
    const unfolded = this.#exposition.unfold();
    if (unfolded) {
      // Forgets their outcomes, which were not shown: otherwise showing them again would change nothing.
      this.#checks.clear();
      this.#features.clear();
    }
    return unfolded;
  }

  #birth(pipelineName: string, bornAt: number): void {
    if (this.#exposition.hasGauge("pipeline_last_success_timestamp_seconds", [pipelineName])) return;
    for (const status of RUN_STATUSES) this.#exposition.birth("pipeline_runs_total", [pipelineName, status], bornAt);
    this.#exposition.birth("pipeline_duration_seconds", [pipelineName], bornAt);
    this.#exposition.gauge("pipeline_last_success_timestamp_seconds", [pipelineName], 0);
    this.#exposition.gauge("pipeline_last_failure_timestamp_seconds", [pipelineName], 0);
  }

  #latency(latency: { pipeline_name: string; operation: string; histogram: LatencyTotal; born_at: number }): void {
    const { pipeline_name, operation, histogram, born_at } = latency;
    if (operation === VECTOR_SEARCH) {
      this.#exposition.histogram("vector_search_latency_seconds", [pipeline_name], histogram, born_at);
    } else {
      this.#exposition.histogram("operation_latency_seconds", [pipeline_name, operation], histogram, born_at);
    }
  }

  #headline(headline: Headline): void {
    const { pipeline_name, last_success_at, last_failure_at, last_duration_seconds, gauge_horizon } = headline;
    const to = this.#exposition;
    this.#birth(pipeline_name, LONG_AGO);
    to.gauge("pipeline_last_success_timestamp_seconds", [pipeline_name], (last_success_at ?? 0) / 1000);
    to.gauge("pipeline_last_failure_timestamp_seconds", [pipeline_name], (last_failure_at ?? 0) / 1000);
    this.#gauge("pipeline_last_run_duration_seconds", [pipeline_name], last_duration_seconds);
    this.#checksOf(pipeline_name).setHorizon(gauge_horizon, this.#showCheck(pipeline_name));
    this.#featuresOf(pipeline_name).setHorizon(gauge_horizon, this.#showFeature(pipeline_name));
  }

  #checksOf(pipelineName: string): Newest<CheckGauge> {
    let checks = this.#checks.get(pipelineName);
    if (checks === undefined) {
      checks = new Newest(CHECK_ORDER);
      this.#checks.set(pipelineName, checks);
    }
    return checks;
  }

  #featuresOf(pipelineName: string): Newest<FeatureGauge> {
    let features = this.#features.get(pipelineName);
    if (features === undefined) {
      features = new Newest(FEATURE_ORDER);
      this.#features.set(pipelineName, features);
    }
    return features;
  }

  /** A check without a score is remembered but not shown, so that no older score comes back. */
  #showCheck(pipelineName: string): Show<CheckGauge> {
    return (checkName, check) => {
      const labels = [pipelineName, checkName] as const;
      this.#number("data_quality_score", labels, check?.score ?? null);
      this.#number("data_quality_threshold", labels, check === null || check.score === null ? null : check.threshold);
    };
  }

  /** Without a PSI only the number of rows is shown. */
  #showFeature(pipelineName: string): Show<FeatureGauge> {
    return (featureName, feature) => {
      const labels = [pipelineName, featureName] as const;
      const judged = feature === null || feature.psi === null ? null : feature;
      this.#number("feature_drift_score", labels, judged?.psi ?? null);
      this.#gauge("feature_drifted", labels, judged && Number(judged.verdict === "drifted"));
      this.#number("feature_drift_threshold", labels, judged?.threshold ?? null);
      this.#number("feature_drift_p_value", labels, judged?.p_value ?? null);
      this.#gauge("feature_rows", labels, feature?.n_current ?? null);
    };
  }

  /** Score and threshold, which rules compare. */
  #number<N extends NameOf<"gauge">>(name: N, labels: LabelsOf<N>, value: number | null): void {
    this.#gauge(name, labels, value === null ? null : exportedNumber(value));
  }

  #gauge<N extends NameOf<"gauge">>(name: N, labels: LabelsOf<N>, value: number | null): void {
    if (value === null) this.#exposition.removeGauge(name, labels);
    else this.#exposition.gauge(name, labels, value);
  }

  #each<T>(items: readonly T[], show: (item: T) => void): void {
    for (const item of items) this.#guard(() => show(item));
  }

  #guard(show: () => void): void {
    try {
      show();
    } catch (error) {
      this.#onFailure(error);
    }
  }
}

const CHECK_ORDER: Order<CheckGauge> = {
  name: ({ check_name }) => check_name,
  precedesOnTie: worseResult,
};

const FEATURE_ORDER: Order<FeatureGauge> = {
  name: ({ feature_name }) => feature_name,
  precedesOnTie: weightierVerdict,
};
