import type { SlaRates } from "../../../src/adapters/metrics/domain/recorder.ts";
import type { CheckGauge, Committed, FeatureGauge, LatencyTotal } from "../../../src/domain/commit/committed.ts";

interface Counted {
  values: [suffix: string, extra: string, value: number][];
  born_at: number;
}

const DURATION = ["10.0", "30.0", "60.0", "120.0", "300.0", "600.0", "1800.0", "3600.0", "+Inf"];
const SEARCH = ["0.01", "0.05", "0.1", "0.25", "0.5", "1.0", "2.5", "5.0", "+Inf"];
const OPERATION = "0.001 0.0025 0.005 0.01 0.025 0.05 0.1 0.25 0.5 1.0 2.5 5.0 10.0 30.0 60.0 +Inf".split(" ");

/** What the body must say, worked out anew each time from plain maps. */
export class Reference {
  readonly #hold: number;
  #counted = new Map<string, Counted>();
  #gauges = new Map<string, number>();
  #born = new Set<string>();
  #checks = new Map<string, CheckGauge[]>();
  #features = new Map<string, FeatureGauge[]>();
  #horizons = new Map<string, number>();

  constructor(hold: number) {
    this.#hold = hold;
  }

  observe(observed: Committed, now: number): void {
    for (const { pipeline_name, born_at } of observed.births) this.#birth(pipeline_name, Math.min(born_at, now));
    for (const { pipeline_name, status, total } of observed.runs) {
      this.#birth(pipeline_name, 0);
      this.#count("pipeline_runs_total", { pipeline_name, status }, [["", "", total]], 0);
    }
    for (const { pipeline_name, histogram } of observed.durations) {
      this.#birth(pipeline_name, 0);
      this.#count("pipeline_duration_seconds", { pipeline_name }, histogramLines(DURATION, histogram), 0);
    }
    for (const { pipeline_name, stage, processed, failed, born_at } of observed.records) {
      const born = Math.min(born_at, now);
      this.#count("records_processed_total", { pipeline_name, stage }, [["", "", processed]], born);
      this.#count("records_failed_total", { pipeline_name, stage }, [["", "", failed]], born);
    }
    for (const { pipeline_name, operation, histogram, born_at } of observed.latencies) {
      const born = Math.min(born_at, now);
      if (operation === "vector_search") {
        this.#count("vector_search_latency_seconds", { pipeline_name }, histogramLines(SEARCH, histogram), born);
      } else {
        const lines = histogramLines(OPERATION, histogram);
        this.#count("operation_latency_seconds", { pipeline_name, operation }, lines, born);
      }
    }
    for (const { pipeline_name, dataset, data_through } of observed.freshness) {
      this.#gauges.set(key("data_through_timestamp_seconds", { pipeline_name, dataset }), data_through / 1000);
    }
    for (const headline of observed.headlines) {
      const { pipeline_name, gauge_horizon } = headline;
      const labels = { pipeline_name };
      this.#birth(pipeline_name, 0);
      this.#gauges.set(key("pipeline_last_success_timestamp_seconds", labels), (headline.last_success_at ?? 0) / 1000);
      this.#gauges.set(key("pipeline_last_failure_timestamp_seconds", labels), (headline.last_failure_at ?? 0) / 1000);
      this.#gauges.delete(key("pipeline_last_run_duration_seconds", labels));
      if (headline.last_duration_seconds !== null) {
        this.#gauges.set(key("pipeline_last_run_duration_seconds", labels), headline.last_duration_seconds);
      }
      this.#horizons.set(pipeline_name, gauge_horizon ?? Number.NEGATIVE_INFINITY);
      this.#cut(pipeline_name);
    }
    for (const check of observed.checks) {
      this.#checks.set(check.pipeline_name, [...(this.#checks.get(check.pipeline_name) ?? []), check]);
      this.#cut(check.pipeline_name);
    }
    for (const feature of observed.features) {
      this.#features.set(feature.pipeline_name, [...(this.#features.get(feature.pipeline_name) ?? []), feature]);
      this.#cut(feature.pipeline_name);
    }
    for (const { pipeline_name, checks, features } of observed.rechecked) {
      this.#checks.set(pipeline_name, checks);
      this.#features.set(pipeline_name, features);
      this.#cut(pipeline_name);
    }
  }

  setSlaRates(names: readonly string[], rates: SlaRates): void {
    const theirs = names.map((pipeline_name) => key("", { pipeline_name }).slice(1, -1));
    this.#forgetGauges((name) =>
      theirs.some((label) =>
        ["sla_rate_ratio", "pipeline_sla_rate_ratio"].some((family) => name.startsWith(`${family}{${label},`)),
      ),
    );
    for (const { ratio, ...labels } of rates.checks) this.#gauges.set(key("sla_rate_ratio", labels), ratio);
    for (const { ratio, ...labels } of rates.pipelines) this.#gauges.set(key("pipeline_sla_rate_ratio", labels), ratio);
  }

  archive(pipelineName: string): void {
    const label = key("", { pipeline_name: pipelineName }).slice(0, -1);
    const isIts = (name: string) => name.includes(`${label},`) || name.includes(`${label}}`);
    this.#forgetGauges(isIts);
    for (const name of this.#counted.keys()) if (isIts(name)) this.#counted.delete(name);
    this.#born.delete(pipelineName);
    this.#checks.delete(pipelineName);
    this.#features.delete(pipelineName);
    this.#horizons.delete(pipelineName);
  }

  samples(now: number): string[] {
    const lines = [...this.#gauges].map(([name, value]) => `${name} ${value}`);
    for (const [name, { values, born_at }] of this.#counted) {
      const held = now < born_at + this.#hold;
      for (const [suffix, extra, value] of values) {
        const full = name.replace("{", `${suffix}{`).replace(/\}$/, `${extra}}`);
        lines.push(`${full} ${held ? 0 : value}`);
      }
    }
    for (const [pipeline_name, checks] of this.#checks) {
      const best = new Map<string, CheckGauge>();
      for (const check of [...checks].sort(older)) best.set(check.check_name, check);
      for (const { check_name, score, threshold } of best.values()) {
        if (score === null) continue;
        lines.push(`${key("data_quality_score", { pipeline_name, check_name })} ${score}`);
        lines.push(`${key("data_quality_threshold", { pipeline_name, check_name })} ${threshold}`);
      }
    }
    for (const [pipeline_name, features] of this.#features) {
      const best = new Map<string, FeatureGauge>();
      for (const feature of [...features].sort(olderFeature)) best.set(feature.feature_name, feature);
      for (const { feature_name, psi, p_value, threshold, verdict, n_current } of best.values()) {
        const labels = { pipeline_name, feature_name };
        lines.push(`${key("feature_rows", labels)} ${n_current}`);
        if (psi === null) continue;
        lines.push(`${key("feature_drift_score", labels)} ${psi}`);
        lines.push(`${key("feature_drifted", labels)} ${verdict === "drifted" ? 1 : 0}`);
        lines.push(`${key("feature_drift_threshold", labels)} ${threshold}`);
        lines.push(`${key("feature_drift_p_value", labels)} ${p_value}`);
      }
    }
    return lines.sort();
  }

  #birth(pipeline_name: string, born_at: number): void {
    if (this.#born.has(pipeline_name)) return;
    this.#born.add(pipeline_name);
    for (const status of ["success", "failed", "skipped", "cancelled", "retrying"]) {
      this.#count("pipeline_runs_total", { pipeline_name, status }, [["", "", 0]], born_at);
    }
    const none = histogramLines(DURATION, { buckets: new Array(9).fill(0), sum: 0, count: 0 });
    this.#count("pipeline_duration_seconds", { pipeline_name }, none, born_at);
    this.#gauges.set(key("pipeline_last_success_timestamp_seconds", { pipeline_name }), 0);
    this.#gauges.set(key("pipeline_last_failure_timestamp_seconds", { pipeline_name }), 0);
  }

  #count(name: string, labels: Record<string, string>, values: Counted["values"], born_at: number): void {
    const known = this.#counted.get(key(name, labels));
    this.#counted.set(key(name, labels), { values, born_at: known?.born_at ?? born_at });
  }

  #cut(pipelineName: string): void {
    const horizon = this.#horizons.get(pipelineName) ?? Number.NEGATIVE_INFINITY;
    this.#checks.set(
      pipelineName,
      within(this.#checks.get(pipelineName) ?? [], horizon, ({ check_name }) => check_name),
    );
    this.#features.set(
      pipelineName,
      within(this.#features.get(pipelineName) ?? [], horizon, ({ feature_name }) => feature_name),
    );
  }

  #forgetGauges(gone: (name: string) => boolean): void {
    for (const name of this.#gauges.keys()) if (gone(name)) this.#gauges.delete(name);
  }
}

function key(name: string, labels: Record<string, string>): string {
  const escaped = (value: string) => value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
  return `${name}{${Object.entries(labels).map(([label, value]) => `${label}="${escaped(value)}"`)}}`;
}

function histogramLines(bounds: string[], { buckets, sum, count }: LatencyTotal): Counted["values"] {
  return [
    ...bounds.map((bound, i): Counted["values"][number] => {
      return ["_bucket", `,le="${bound}"`, buckets.slice(0, i + 1).reduce((a, b) => a + b)];
    }),
    ["_sum", "", sum],
    ["_count", "", count],
  ];
}

/** Those whose name has something that is not too old. */
function within<T extends { run_order: number }>(items: T[], horizon: number, nameOf: (item: T) => string): T[] {
  return items.filter((item) => {
    const orders = items.filter((other) => nameOf(other) === nameOf(item)).map(({ run_order }) => run_order);
    return Math.max(...orders) >= horizon;
  });
}

function olderFeature(a: FeatureGauge, b: FeatureGauge): number {
  return a.run_order - b.run_order || a.at - b.at || (a.psi ?? -1) - (b.psi ?? -1);
}

function older(a: CheckGauge, b: CheckGauge): number {
  const score = (check: CheckGauge) => check.score ?? -1;
  return a.run_order - b.run_order || a.at - b.at || score(b) - score(a) || a.threshold - b.threshold;
}
