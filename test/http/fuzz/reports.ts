import fc from "fast-check";
import { nasty, text } from "./nasty.ts";

export const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 });
const time = fc.oneof(
  fc.integer({ min: -30 * 86_400, max: 120 }).map((seconds) => new Date(Date.now() + seconds * 1000).toISOString()),
  fc.integer({ min: -30 * 86_400, max: 120 }).map((seconds) => Date.now() / 1000 + seconds),
);
/** Good nine times in ten, so that many reports as a whole are. */
const mostly = (good: fc.Arbitrary<unknown>) =>
  fc.oneof({ arbitrary: good, weight: 19 }, { arbitrary: nasty, weight: 1 });

const common = {
  pipeline_name: mostly(name),
  run_id: mostly(fc.string({ minLength: 1, maxLength: 20 }).map((id) => id.replace(/\s/g, "_"))),
  attempt: mostly(fc.integer({ min: 1, max: 5 })),
  id: mostly(fc.uuid()),
  at: mostly(time),
  traceparent: mostly(fc.constant("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")),
};
const score = fc.double({ min: 0, max: 1, noNaN: true });
const check = {
  check_name: mostly(name),
  score: mostly(score),
  threshold: mostly(score),
  severity: mostly(fc.constantFrom("error", "warn")),
  error: mostly(fc.string({ unit: "binary" })),
};
const report = (fields: Record<string, fc.Arbitrary<unknown>>, requiredKeys: string[]) =>
  fc.record<Record<string, unknown>, string>(
    { ...common, ...fields },
    { requiredKeys: ["pipeline_name", ...requiredKeys] },
  );

const counts = fc.array(mostly(fc.nat({ max: 1000 })), { minLength: 1, maxLength: 6 });
const edges = fc
  .array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 2, maxLength: 7 })
  .map((all) => [...new Set(all)].sort((a, b) => a - b));
const values = fc.oneof(
  fc.array(fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }))),
  fc.array(fc.option(fc.string({ unit: "binary", maxLength: 10 }))),
  fc.array(fc.boolean()),
);
const histogram = fc.oneof(
  fc.record({ counts: mostly(counts), nulls: mostly(fc.nat()) }, { requiredKeys: ["counts"] }),
  fc
    .tuple(edges, fc.array(fc.nat({ max: 1000 }), { minLength: 8, maxLength: 8 }))
    .map(([sorted, many]) => ({ edges: sorted, counts: many.slice(0, Math.max(1, sorted.length - 1)) })),
  fc.record({ values: mostly(values) }),
  fc.record({ categories: mostly(fc.dictionary(text, mostly(fc.nat({ max: 1000 })), { maxKeys: 5 })) }),
);
export const reference = fc.oneof(
  histogram,
  fc.record(
    {
      values: mostly(values),
      bins: mostly(fc.integer({ min: 1, max: 20 })),
      method: mostly(fc.constantFrom("quantile", "uniform")),
    },
    { requiredKeys: ["values"] },
  ),
);
export const FEATURES = ["age", "amount", "a/b", "__proto__"];
const feature = fc.oneof(
  histogram,
  fc.tuple(histogram, reference).map(([current, inline]) => ({ ...current, reference: inline })),
);
const drift = report(
  {
    pipeline_name: fc.constantFrom("drifting", "other"),
    features: mostly(
      fc.dictionary(fc.oneof(fc.constantFrom(...FEATURES), name), mostly(feature), { minKeys: 1, maxKeys: 3 }),
    ),
  },
  ["features"],
);

const column = fc.record(
  {
    name: mostly(fc.string({ unit: "binary", maxLength: 300 })),
    type: mostly(
      fc.oneof(fc.constantFrom("int64", "text", "list<int>", "Nullable(String)"), fc.string({ unit: "binary" })),
    ),
    nullable: mostly(fc.boolean()),
  },
  { requiredKeys: ["name", "type"] },
);
const schema = report(
  {
    pipeline_name: fc.constantFrom("drifting", "other"),
    columns: mostly(fc.array(mostly(column), { maxLength: 6 })),
    dataset: mostly(name),
    complete: mostly(fc.boolean()),
  },
  ["columns"],
);

export const REPORTS = {
  run: report(
    {
      status: mostly(fc.constantFrom("started", "success", "failed", "skipped", "cancelled")),
      started_at: mostly(time),
      finished_at: mostly(time),
      duration_seconds: mostly(fc.double({ min: 0, max: 1e9, noNaN: true })),
      error: mostly(fc.string({ unit: "binary" })),
      will_retry: mostly(fc.boolean()),
      data_interval_start: mostly(time),
      data_interval_end: mostly(time),
    },
    ["status"],
  ),
  records: report(
    {
      stage: mostly(name),
      count: mostly(fc.maxSafeNat()),
      failed: mostly(fc.nat()),
      expected_min: mostly(fc.nat()),
      part: mostly(name),
    },
    ["stage", "count"],
  ),
  quality: fc.oneof(
    report(check, ["check_name", "score"]),
    report(
      { checks: mostly(fc.array(fc.record(check, { requiredKeys: ["check_name", "score"] }), { maxLength: 5 })) },
      ["checks"],
    ),
  ),
  latency: report(
    {
      operation: mostly(name),
      seconds: mostly(
        fc.oneof(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }))),
      ),
    },
    ["seconds"],
  ),
  freshness: report({ data_through: mostly(time), dataset: mostly(name) }, ["data_through"]),
  drift,
  schema,
};
