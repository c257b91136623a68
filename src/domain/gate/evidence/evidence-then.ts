import type { Evidence } from "./evidence.ts";

/**
 * What was known while a past decision stood, so that another policy can be asked about it: the evidence that was stored with
 * the decision, and what the same run was reported to be beside it without changing the decision (no new line of history is
 * written for that). `later`: the evidence of the run as it is stored now; `until`: when the next decision was made,
 * milliseconds; null: it still stands.
 *
 * What belongs to the moment (freshness of the pipeline, alerts, references, runs that were going on, an invalidation) is only
 * what was stored. A run whose state is another by now was reported again, and only what was stored of it counts.
 */
export function evidenceThen(stored: Evidence, later: Evidence | null, until: number | null): Evidence {
  if (stored.run === null || later === null || later.run === null || !isSame(stored.run, later.run)) return stored;
  const end = until ?? Number.POSITIVE_INFINITY;
  const { checks, features, stages, latencies, freshness } = later;
  const known = new Map(stored.stages.map((stage) => [stage.stage, stage.held_rows]));
  return {
    ...stored,
    checks: together(stored.checks, checks.filter(within(end)), ({ check_name }) => check_name),
    features: together(stored.features, features.filter(within(end)), ({ feature_name }) => feature_name),
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

/** A run says how far it moved the data; the pipeline may have been further already. */
function isNewerThan(stored: readonly Fresh[]): (item: Fresh) => boolean {
  const known = new Map(stored.map(({ dataset, data_through }) => [dataset, data_through]));
  return ({ dataset, data_through }) => data_through > (known.get(dataset) ?? Number.NEGATIVE_INFINITY);
}

/** By name, in the order of the names; what came later takes the place of what was there. */
function together<T>(stored: readonly T[], later: readonly T[], nameOf: (item: T) => string): T[] {
  const all = new Map([...stored, ...later].map((item) => [nameOf(item), item]));
  return [...all].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, item]) => item);
}
