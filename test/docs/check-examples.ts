import { applyOverride } from "../../src/domain/gate/apply-override.ts";
import { type Assessment, assess } from "../../src/domain/gate/assess.ts";
import { upstreamFindings } from "../../src/domain/gate/checks/upstream.ts";
import { CUT_OFF } from "../../src/domain/gate/cut-off.ts";
import type { Evidence } from "../../src/domain/gate/evidence/evidence.ts";
import type { PolicyOverlay } from "../../src/domain/gate/policy/policy.ts";
import { withReasons } from "../../src/domain/gate/with-upstreams.ts";
import { VECTOR_SEARCH_BUCKETS } from "../../src/domain/reports/buckets.ts";
import {
  alert,
  asking,
  check,
  evidence,
  feature,
  MINUTE,
  NOW,
  policy,
  rejected,
  run,
  schema,
  stage,
} from "../domain/gate/checks/evidence.ts";

const decide = (given: Partial<Evidence>, overlay: PolicyOverlay = {}) =>
  assess(evidence({ run: run({ run_id: "2026-11-20" }), ...given }), policy(overlay), asking());
const good = () => ({ checks: [check()] });

/** The answer that each page of docs/checks shows, as the checks themselves give it. */
export const EXAMPLES: Record<string, Pick<Assessment, "decision" | "allowed" | "reasons">> = {
  run: decide({
    ...good(),
    run: run({ run_id: "2026-11-20", status: "failed", attempt: 3, error: "connection to db1 refused" }),
  }),
  evidence: decide({}),
  requires: decide(good(), { requires: { checks: ["row_hash"] } }),
  quality: decide({
    checks: [
      check({ score: 0.91 }),
      check({ check_name: "duplicates", score: null, error: "relation lines does not exist" }),
    ],
  }),
  "overall-quality": decide({
    checks: [check({ score: 0.86, threshold: 0.8 }), check({ check_name: "valid_rate", score: 0.9, threshold: 0.8 })],
  }),
  records: decide({ stages: [stage("load", 1_204, { expected_min: 10_000 })] }),
  "rejected-share": decide({
    stages: [stage("load", 47_100, { failed: 2_900 }), stage("index", 0, { failed: 47_100 })],
  }),
  "stage-ratio": decide({ stages: [stage("load", 41_000), stage("transform", 48_000)] }),
  drift: decide({
    features: [
      feature({ verdict: "drifted", psi: 0.31, p_value: 1.2e-9 }),
      feature({ feature_name: "age", verdict: "inconclusive", psi: 0.24, p_value: 0.3, n_current: 60 }),
    ],
    referenced_features: ["age", "amount", "country"],
  }),
  schema: decide({
    ...good(),
    schemas: [
      schema("user_id int64, amount float64, note text", "userId int64, amount float64, note text, country text"),
      schema("id int64, price float64", "id int64, price varchar", { dataset: "raw_orders", source: "learned" }),
    ],
  }),
  freshness: decide(
    { ...good(), freshness: [{ dataset: "orders", data_through: NOW - 27 * 60 * MINUTE }] },
    { freshness: { max_lag: 26 * 60 * MINUTE } },
  ),
  "data-ahead": decide({
    ...good(),
    freshness: [
      {
        dataset: "orders",
        data_through: NOW - 60 * MINUTE,
        ahead: { data_through: NOW + 420 * MINUTE, at: NOW - 60 * MINUTE },
      },
    ],
  }),
  latency: decide(
    {
      ...good(),
      latencies: [
        {
          operation: "vector_search",
          histogram: { buckets: [0, 980, 0, 0, 0, 0, 20, 0, 0], sum: 60, count: 1000 },
          bounds: VECTOR_SEARCH_BUCKETS,
        },
      ],
    },
    { latency: [{ operation: "vector_search", quantile: 0.99, maximum_seconds: 1, effect: "warn" }] },
  ),
  rejected: decide({
    ...good(),
    rejected: [rejected({ kind: "drift", item: "amount", code: "lost", why: "the queue was full" }), rejected()],
  }),
  alerts: decide({ ...good(), alerts: [alert()] }),
  upstream: withReasons(
    decide(good()),
    upstreamFindings(policy(), [
      {
        pipeline_name: "orders_raw",
        decision: "block",
        allowed: false,
        reasons: [{ detail: "null_rate scored 0.91, 0.95 is required" }],
      },
    ]),
    policy(),
  ),
  override: applyOverride(decide(good()), {
    override_id: "o1",
    decision: "block",
    reason: "the vendor sent yesterday's file again",
    actor: "ana",
    created_at: NOW,
    expires_at: NOW + 120 * MINUTE,
    run_id: null,
  }),
  "cut-off": { ...decide(good()), ...CUT_OFF },
};
