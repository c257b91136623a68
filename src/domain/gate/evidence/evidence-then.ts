import type { Evidence } from "./evidence.ts";

/**
 * The evidence known while a past decision was in force, so that another policy can decide on it: the evidence stored with the
 * decision, and what was reported of the same run later without changing the decision (history has no line for that). `later`:
 * the evidence of the run as it is stored now; `until`: when the next decision was made, milliseconds; null: the decision is
 * still in force.
 *
 * Evidence of the moment (freshness of the pipeline, alerts, references, open runs, an invalidation) comes from the stored
 * decision alone. A run with another status by now was reported again, so only its stored evidence counts.
 */
export function evidenceThen(stored: Evidence, later: Evidence | null, until: number | null): Evidence {
  if (stored.run === null || later === null || later.run === null || !isSame(stored.run, later.run)) return stored;
  const end = until ?? Number.POSITIVE_INFINITY;
  const { checks, features, schemas = [], stages, latencies, freshness } = later;
  const known = new Map(stored.stages.map((stage) => [stage.stage, stage.held_rows]));
  return {
    ...stored,
    checks: together(stored.checks, checks.filter(within(end)), ({ check_name }) => check_name),
    features: together(stored.features, features.filter(within(end)), ({ feature_name }) => feature_name),
    ...(schemas.length > 0 && {
      schemas: together(stored.schemas ?? [], schemas.filter(within(end)), ({ dataset }) => dataset),
    }),
    stages: together(
      stored.stages,
      stages.map((stage) => ({ ...stage, held_rows: known.get(stage.stage) ?? stage.held_rows ?? null })),
      ({ stage }) => stage,
    ),
    latencies: together(stored.latencies, latencies, ({ operation }) => operation),
    freshness: together(stored.freshness, freshness.filter(isNewerThan(stored.freshness)), ({ dataset }) => dataset),
  };
}

type Run = NonNullable<Evidence["run"]>;

function isSame(then: Run, now: Run): boolean {
  return then.status === now.status && then.attempt === now.attempt && then.finished_at === now.finished_at;
}

function within(end: number): (item: { at: number }) => boolean {
  return ({ at }) => at <= end;
}

type Fresh = Evidence["freshness"][number];

/** A run reports how far it moved the data; the pipeline may already have been further. */
function isNewerThan(stored: readonly Fresh[]): (item: Fresh) => boolean {
  const known = new Map(stored.map(({ dataset, data_through }) => [dataset, data_through]));
  return ({ dataset, data_through }) => data_through > (known.get(dataset) ?? Number.NEGATIVE_INFINITY);
}

/** Keyed and sorted by name; the later item replaces the earlier one. */
function together<T>(stored: readonly T[], later: readonly T[], nameOf: (item: T) => string): T[] {
  const all = new Map([...stored, ...later].map((item) => [nameOf(item), item]));
  return [...all].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, item]) => item);
}
