import type pg from "pg";
import { type Committed, nothingCommitted } from "../../../domain/commit/committed.ts";
import { GAUGE_RUNS } from "../../../domain/runs/run-state.ts";
import { texts } from "../connection/array-literals.ts";
import { STATE_COLUMNS, type StateRow, stateOf } from "../gate/gate-state.ts";
import type { Restoring } from "../tables/kind-table.ts";
import { TABLES } from "../tables/kinds.ts";

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
    const births = await select<Committed["births"][number]>(part, "SELECT pipeline_name, born_at, key_name", "");
    yield Object.assign(await kinds(part), {
      births,
      headlines: await select(
        part,
        `SELECT pipeline_name, last_success_at, last_failure_at, last_duration_seconds,
                recent_orders[${GAUGE_RUNS}] AS gauge_horizon`,
        "",
      ),
      gates: await gates(part),
      gate_decisions: await select(
        part,
        "SELECT pipeline_name, decision, code, total",
        "JOIN gate_decision_total USING (pipeline_id)",
      ),
    });
  }
}

/** What `gauge-rows.ts` calls p. */
const SHOWN = `
  (SELECT p.*, p.recent_orders[${GAUGE_RUNS}] AS horizon FROM pipeline p
    WHERE p.born_at IS NOT NULL AND p.archived_at IS NULL AND p.pipeline_id > $1 AND p.pipeline_id <= $2
      AND ($3::text[] IS NULL OR p.pipeline_name = ANY ($3::text[]))) p`;

/** One after the other: a statement a connection. */
async function kinds(part: Part): Promise<Committed> {
  const { db, from, to, only } = part;
  const restoring: Restoring = {
    select: (columns, joins) => select(part, columns, joins),
    read: async <R extends pg.QueryResultRow>(text: (pipelines: string) => string) =>
      (await db.query<R>(text(SHOWN), [from, to, only])).rows,
  };
  const shown = nothingCommitted();
  for (const table of Object.values(TABLES)) Object.assign(shown, await table.restore(restoring));
  return shown;
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
