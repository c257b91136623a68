import fc from "fast-check";
import type {
  CheckEvidence,
  Evidence,
  FeatureEvidence,
  RunEvidence,
  StageEvidence,
} from "../../../../src/domain/gate/evidence/evidence.ts";
import type { SchemaEvidence } from "../../../../src/domain/gate/evidence/schema-evidence.ts";
import type { PolicyOverlay } from "../../../../src/domain/gate/policy/policy.ts";
import type { Effect, StageMinimum } from "../../../../src/domain/gate/policy/rules.ts";
import { OPERATION_BUCKETS } from "../../../../src/domain/reports/buckets.ts";
import { SCHEMA_CHANGES } from "../../../../src/domain/schema/compare-schemas.ts";
import { MINUTE, NOW } from "./evidence.ts";

/** Few names, so that rules and evidence meet. */
const name = fc.constantFrom("a", "b", "c", "load", "transform");
const pattern = fc.oneof(name, fc.constantFrom("*", "a*"));
const past = fc.integer({ min: 0, max: 300 }).map((minutes) => NOW - minutes * MINUTE);
const span = fc.option(fc.integer({ min: 1, max: 300 }).map((minutes) => minutes * MINUTE));
const share = fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100);
const effect = fc.constantFrom<Effect>("block", "warn", "off");
const sure = { requiredKeys: [] as never[] };

const run = fc.record<Omit<RunEvidence, "ended">>({
  run_id: fc.constantFrom("r1", "r2"),
  status: fc.constantFrom("started", "success", "failed", "skipped", "cancelled", "retrying", "unknown"),
  attempt: fc.integer({ min: 1, max: 3 }),
  started_at: fc.option(past),
  finished_at: fc.option(past),
  first_at: past,
  error: fc.option(fc.constant("boom")),
  data_interval_end: fc.constant(null),
  invalidated: fc.option(fc.record({ actor: name, reason: name, at: past }), { freq: 10 }),
});

const dense: fc.Arbitrary<Evidence> = fc.record({
  pipeline_name: fc.constant("orders"),
  run: fc
    .option(run, { freq: 8 })
    .map((of) => of && { ...of, ended: !["started", "retrying", "unknown"].includes(of.status) }),
  asked_run_id: fc.option(fc.constantFrom("r1", "r2")),
  checks: listOf<CheckEvidence>(
    {
      check_name: name,
      score: fc.option(share, { freq: 6 }),
      threshold: share,
      severity: fc.constantFrom("error", "warn"),
      error: fc.constant(null),
      at: past,
    },
    (one) => one.check_name,
  ),
  stages: listOf<StageEvidence>(
    {
      stage: name,
      count: fc.integer({ min: 0, max: 30 }),
      failed: fc.constant(null),
      expected_min: fc.option(fc.integer({ min: 0, max: 30 })),
    },
    (one) => one.stage,
  ),
  features: listOf<FeatureEvidence>(
    {
      feature_name: name,
      verdict: fc.constantFrom("stable", "drifted", "no_data", "inconclusive", "no_reference", "errored"),
      psi: fc.option(share),
      p_value: fc.option(share),
      threshold: fc.constant(0.2),
      n_current: fc.integer({ min: 0, max: 999 }),
      at: past,
    },
    (one) => one.feature_name,
  ),
  referenced_features: fc.uniqueArray(name),
  latencies: listOf<Evidence["latencies"][number]>(
    {
      operation: name,
      histogram: fc
        .array(fc.integer({ min: 0, max: 9 }), { minLength: 16, maxLength: 16 })
        .map((buckets) => ({ buckets, sum: 0, count: buckets.reduce((a, b) => a + b, 0) })),
      bounds: fc.constant(OPERATION_BUCKETS),
    },
    (one) => one.operation,
  ),
  schemas: listOf<SchemaEvidence>(
    {
      dataset: name,
      at: past,
      version: name,
      size: fc.integer({ min: 0, max: 9 }),
      baseline: fc.option(fc.constantFrom("declared", "accepted", "learned")),
      changes: fc.uniqueArray(
        fc.record({
          change: fc.constantFrom(...SCHEMA_CHANGES),
          fixed: fc.boolean(),
          count: fc.integer({ min: 1, max: 20 }),
          columns: fc.uniqueArray(
            fc.record({
              change: fc.constantFrom(...SCHEMA_CHANGES),
              column: name,
              renamed_to: fc.option(name),
              was: fc.option(name),
              is: fc.option(name),
              source: fc.option(fc.constantFrom("declared", "accepted", "learned")),
            }),
            { maxLength: 2, minLength: 1, selector: ({ column }) => column },
          ),
        }),
        { maxLength: 1 },
      ),
    },
    (one) => one.dataset,
  ),
  freshness: listOf<Evidence["freshness"][number]>({ dataset: name, data_through: past }, (one) => one.dataset),
  usual_features: fc.uniqueArray(name),
  rejected: listOf<NonNullable<Evidence["rejected"]>[number]>(
    {
      kind: fc.constantFrom("records", "quality", "?"),
      item: name,
      code: fc.constantFrom("invalid_report", "lost"),
      why: name,
      at: past,
    },
    (one) => one.item,
  ),
  alerts: fc.array(
    fc.record({
      fingerprint: name,
      alertname: name,
      gate: fc.constantFrom("block", "warn"),
      summary: fc.option(name),
      starts_at: past,
      expires_at: fc.integer({ min: -60, max: 60 }).map((minutes) => NOW + minutes * MINUTE),
    }),
    { maxLength: 3 },
  ),
});

const LISTS = [
  "checks",
  "stages",
  "features",
  "referenced_features",
  "schemas",
  "latencies",
  "freshness",
  "alerts",
] as const;

/** Of a run that ended well, with most of its lists empty, nothing refused, and nothing bad in what checks, stages and features say. */
const sparse = fc.tuple(dense, fc.subarray([...LISTS], { maxLength: 2 })).map(([evidence, kept]): Evidence => {
  const emptied = Object.fromEntries(LISTS.filter((list) => !kept.includes(list)).map((list) => [list, []]));
  const fine = {
    checks: evidence.checks.map((one) => ({ ...one, score: one.score && 1 })),
    stages: evidence.stages.map((one) => ({ ...one, count: 30 })),
    features: evidence.features.map((one) => ({ ...one, verdict: "stable" as const })),
    schemas: (evidence.schemas ?? []).map((one) => ({ ...one, changes: [] })),
    usual_features: [],
    rejected: [],
  };
  const ended = evidence.run && { ...evidence.run, status: "success" as const, ended: true, invalidated: null };
  return { ...evidence, ...fine, ...emptied, run: ended };
});

export const anyEvidence = fc.oneof(dense, sparse);

const rules = <R extends Record<string, fc.Arbitrary<unknown>>, K extends string>(key: K, fields: R) =>
  fc.uniqueArray(
    fc.record({ [key]: pattern, ...fields } as Record<K, fc.Arbitrary<string>> & R, { requiredKeys: [key] as never }),
    {
      maxLength: 2,
      selector: (rule) => (rule as Record<K, unknown>)[key],
    },
  );

const manyRules = fc.record(
  {
    run: effect,
    max_duration: span,
    max_age: span,
    alerts: effect,
    on_unknown: fc.constantFrom("block", "allow"),
    quality: fc.record(
      {
        failed: effect,
        warned: effect,
        errored: effect,
        minimum: fc.option(share),
        overall: effect,
        checks: rules("check_name", { minimum: share, effect }),
      },
      sure,
    ),
    records: fc.record(
      {
        below_minimum: effect,
        zero: effect,
        ratio: effect,
        minimum: rules("stage", { count: fc.integer({ min: 0, max: 30 }) }).map(
          (all) => all.filter((rule) => "count" in rule) as unknown as StageMinimum[],
        ),
      },
      sure,
    ),
    drift: fc.record(
      {
        drifted: effect,
        no_data: effect,
        inconclusive: effect,
        missing: effect,
        retyped: effect,
        features: rules("feature_name", { drifted: effect, missing: effect, retyped: effect }),
      },
      sure,
    ),
    schema: fc.record({ removed: effect, renamed: effect, retyped: effect, learned: effect, added: effect }, sure),
    rejected: fc.constantFrom("unknown", "block", "warn", "off"),
    freshness: fc.record({ max_lag: span, datasets: fc.uniqueArray(pattern, { maxLength: 2 }), stale: effect }, sure),
    latency: fc.array(
      fc.record({
        operation: name,
        quantile: fc.constantFrom(0.5, 0.99),
        maximum_seconds: fc.constantFrom(0.1, 1, 90),
        effect,
      }),
      { maxLength: 2 },
    ),
    requires: fc.record(
      { checks: fc.uniqueArray(pattern, { maxLength: 1 }), stages: fc.uniqueArray(pattern, { maxLength: 1 }) },
      sure,
    ),
  },
  sure,
) as fc.Arbitrary<PolicyOverlay>;

export const anyOverlay = fc.oneof(manyRules, fc.constant<PolicyOverlay>({}));

/** The same evidence, its lists in other orders. */
export const twoOrders: fc.Arbitrary<[Evidence, Evidence]> = anyEvidence.chain((evidence) => {
  const shuffled = <T>(list: readonly T[]) => fc.shuffledSubarray([...list], { minLength: list.length });
  return fc
    .record({
      checks: shuffled(evidence.checks),
      stages: shuffled(evidence.stages),
      features: shuffled(evidence.features),
      referenced_features: shuffled(evidence.referenced_features),
      schemas: shuffled(evidence.schemas ?? []),
      latencies: shuffled(evidence.latencies),
      freshness: shuffled(evidence.freshness),
      alerts: shuffled(evidence.alerts),
    })
    .map((lists): [Evidence, Evidence] => [evidence, { ...evidence, ...lists }]);
});

function listOf<T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }, selector: (item: T) => string) {
  return fc.uniqueArray(fc.record<T>(fields), { selector, maxLength: 4 });
}
