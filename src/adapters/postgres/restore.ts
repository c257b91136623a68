import type pg from "pg";
import { nothingObserved, type Observed } from "../../domain/observed.ts";
import { GAUGE_RUNS } from "../../domain/standing.ts";
import { texts } from "./array-literals.ts";
import { STATE_COLUMNS, type StateRow, stateOf } from "./gate-evidence.ts";
import { speakingChecks, speakingFeatures } from "./speaking-evidence.ts";
import { type HistogramRow, histogramTotal } from "./tx/latency.ts";

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
export async function* restore(db: pg.Pool, names: readonly string[] | null): AsyncGenerator<Observed> {
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
      ...nothingObserved(),
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
      standings: await select(
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

function checkGauges(part: Part): Promise<Observed["checks"]> {
  return select(
    part,
    `SELECT DISTINCT ON (p.pipeline_id, c.check_id)
            p.pipeline_name, n.name AS check_name, r.run_order, c.at, c.score, c.threshold`,
    `JOIN run r ON r.pipeline_id = p.pipeline_id AND r.run_order >= coalesce(p.recent_orders[${GAUGE_RUNS}], '-infinity')
     CROSS JOIN LATERAL ${speakingChecks("r")} c
     JOIN name n ON n.name_id = c.check_id`,
    "ORDER BY p.pipeline_id, c.check_id, r.run_order DESC, c.at DESC, c.score NULLS FIRST, c.threshold DESC",
  );
}

function featureGauges(part: Part): Promise<Observed["features"]> {
  return select(
    part,
    `SELECT DISTINCT ON (p.pipeline_id, f.feature_id)
            p.pipeline_name, n.name AS feature_name, r.run_order, f.at, f.verdict, f.psi, f.p_value, f.threshold, f.n_current`,
    `JOIN run r ON r.pipeline_id = p.pipeline_id AND r.run_order >= coalesce(p.recent_orders[${GAUGE_RUNS}], '-infinity')
     CROSS JOIN LATERAL ${speakingFeatures("r")} f
     JOIN name n ON n.name_id = f.feature_id`,
    "ORDER BY p.pipeline_id, f.feature_id, r.run_order DESC, f.at DESC, f.verdict = 'errored', f.n_current DESC, f.psi DESC NULLS LAST",
  );
}

async function gates(part: Part): Promise<Observed["gates"]> {
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
