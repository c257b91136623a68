import type pg from "pg";
import { type Committed, nothingCommitted } from "../../../domain/commit/committed.ts";
import { GAUGE_RUNS } from "../../../domain/runs/run-state.ts";
import { texts } from "../connection/array-literals.ts";
import { STATE_COLUMNS, type StateRow, stateOf } from "../gate/gate-state.ts";
import {
  CHECK_GAUGES,
  CHECK_GAUGES_ORDER,
  checksOf,
  FEATURE_GAUGES,
  FEATURE_GAUGES_ORDER,
  featuresOf,
} from "../gate/gauge-rows.ts";
import { type HistogramRow, histogramTotal } from "../tables/latency.ts";

/** Pipelines a part: bounds the memory and the time of one statement. */
const PART = 1000;

interface Part {
  db: pg.Pool;
  /** Exclusive. */
  from: number;
  to: number;
  /** Names as an array literal; null: all. */
  only: string | null;
}

/** Every total and state that the metrics show, a thousand pipelines at a time; `names`: of these pipelines only. */
export async function* restore(db: pg.Pool, names: readonly string[] | null): AsyncGenerator<Committed> {
  const { rows } = await db.query<{ last: number | null }>("SELECT max(pipeline_id) AS last FROM pipeline");
  const last = rows[0]?.last ?? 0;
  const only = names === null ? null : texts(names);
  // Waits for whoever writes to them: the transaction of a lost connection may still be going on.
  if (only !== null) {
    const lock = "SELECT FROM pipeline WHERE pipeline_name = ANY ($1::text[]) ORDER BY pipeline_id FOR NO KEY UPDATE";
    await db.query(lock, [only]);
  }
  for (let from = 0; from < last; from += PART) {
    const part: Part = { db, from, to: from + PART, only };
    yield {
      ...nothingCommitted(),
      births: await select(part, "SELECT pipeline_name, born_at, key_name", ""),
      runs: await select(part, "SELECT pipeline_name, status, total", "JOIN run_total USING (pipeline_id)"),
      durations: (
        await select<HistogramRow & { pipeline_name: string }>(
          part,
          "SELECT pipeline_name, buckets, count, sum_nanoseconds",
          "JOIN duration_total USING (pipeline_id)",
        )
      ).map((row) => ({ pipeline_name: row.pipeline_name, histogram: histogramTotal(row) })),
      records: await select(
        part,
        "SELECT pipeline_name, n.name AS stage, processed, failed, t.born_at",
        "JOIN records_total t USING (pipeline_id) JOIN name n ON n.name_id = t.stage_id",
      ),
      latencies: (
        await select<HistogramRow & { pipeline_name: string; operation: string; born_at: number }>(
          part,
          "SELECT pipeline_name, n.name AS operation, buckets, count, sum_nanoseconds, t.born_at",
          "JOIN latency_total t USING (pipeline_id) JOIN name n ON n.name_id = t.operation_id",
        )
      ).map((row) => ({
        pipeline_name: row.pipeline_name,
        operation: row.operation,
        histogram: histogramTotal(row),
        born_at: row.born_at,
      })),
      freshness: await select(
        part,
        "SELECT pipeline_name, n.name AS dataset, data_through",
        "JOIN dataset_freshness f USING (pipeline_id) JOIN name n ON n.name_id = f.dataset_id",
      ),
      headlines: await select(
        part,
        `SELECT pipeline_name, last_success_at, last_failure_at, last_duration_seconds,
                recent_orders[${GAUGE_RUNS}] AS gauge_horizon`,
        "",
      ),
      checks: await checkGauges(part),
      features: await featureGauges(part),
      gates: await gates(part),
      gate_decisions: await select(
        part,
        "SELECT pipeline_name, decision, code, total",
        "JOIN gate_decision_total USING (pipeline_id)",
      ),
    };
  }
}

/** What `gauge-rows.ts` calls p. */
const SHOWN = `
  (SELECT p.*, p.recent_orders[${GAUGE_RUNS}] AS horizon FROM pipeline p
    WHERE p.born_at IS NOT NULL AND p.archived_at IS NULL AND p.pipeline_id > $1 AND p.pipeline_id <= $2
      AND ($3::text[] IS NULL OR p.pipeline_name = ANY ($3::text[]))) p`;

const CHECKS = `${CHECK_GAUGES} FROM ${checksOf(SHOWN)} ${CHECK_GAUGES_ORDER}`;
const FEATURES = `${FEATURE_GAUGES} FROM ${featuresOf(SHOWN)} ${FEATURE_GAUGES_ORDER}`;

async function checkGauges({ db, from, to, only }: Part): Promise<Committed["checks"]> {
  return (await db.query<Committed["checks"][number]>(CHECKS, [from, to, only])).rows;
}

async function featureGauges({ db, from, to, only }: Part): Promise<Committed["features"]> {
  return (await db.query<Committed["features"][number]>(FEATURES, [from, to, only])).rows;
}

async function gates(part: Part): Promise<Committed["gates"]> {
  const rows = await select<StateRow & { pipeline_name: string; revision: number; data_interval_end: number | null }>(
    part,
    `SELECT pipeline_name, g.revision, g.data_interval_end, ${STATE_COLUMNS}`,
    "JOIN gate g USING (pipeline_id)",
  );
  return rows.map((row) => {
    const { pipeline_name, revision, data_interval_end } = row;
    return { pipeline_name, revision, state: stateOf(row)!, data_interval_end, cause: null };
  });
}

async function select<R extends pg.QueryResultRow>(
  { db, from, to, only }: Part,
  columns: string,
  joins: string,
  tail = "",
): Promise<R[]> {
  const text = `${columns} FROM pipeline p ${joins}
    WHERE p.born_at IS NOT NULL AND p.archived_at IS NULL AND p.pipeline_id > $1 AND p.pipeline_id <= $2
      AND ($3::text[] IS NULL OR p.pipeline_name = ANY ($3::text[])) ${tail}`;
  return (await db.query<R>(text, [from, to, only])).rows;
}
