import type pg from "pg";
import { type Committed, nothingCommitted } from "../../../domain/commit/committed.ts";
import type { Decision } from "../../../domain/gate/decision.ts";
import { GAUGE_RUNS } from "../../../domain/runs/run-state.ts";
import { texts } from "../connection/values/array-literals.ts";
import { STATE, STATE_COLUMNS, stateOf } from "../gate/gate-state.ts";
import { bigint, float, integer, nullable, text, time, word } from "../statement/columns.ts";
import { execute, select, statement } from "../statement/statement.ts";
import type { ReadShown } from "../tables/kind-table.ts";
import { TABLES } from "../tables/kinds.ts";
import { ofShown } from "../tables/shown-pipelines.ts";

/** Pipelines a part: bounds the memory and the time of one statement. */
const PART = 1000;

export const LAST_PIPELINE = statement(
  "last_pipeline",
  { last: nullable(integer) },
  "SELECT max(pipeline_id) AS last FROM pipeline",
);

export const WAIT_FOR_WRITERS = statement(
  "wait_for_writers",
  {},
  "SELECT FROM pipeline WHERE pipeline_name = ANY ($1::text[]) ORDER BY pipeline_id FOR NO KEY UPDATE",
);

export const RESTORE_BIRTHS = ofShown(
  "restore_births",
  { pipeline_name: text, born_at: time, key_name: nullable(text) },
  "pipeline_name, born_at, key_name",
);

export const RESTORE_HEADLINES = ofShown(
  "restore_headlines",
  {
    pipeline_name: text,
    last_success_at: nullable(time),
    last_failure_at: nullable(time),
    last_duration_seconds: nullable(float),
    gauge_horizon: nullable(time),
  },
  `pipeline_name, last_success_at, last_failure_at, last_duration_seconds, recent_orders[${GAUGE_RUNS}] AS gauge_horizon`,
);

export const RESTORE_GATES = ofShown(
  "restore_gates",
  { pipeline_name: text, revision: bigint, data_interval_end: nullable(time), ...STATE },
  `pipeline_name, g.revision, g.data_interval_end, ${STATE_COLUMNS}`,
  "JOIN gate g USING (pipeline_id)",
);

export const RESTORE_GATE_DECISIONS = ofShown(
  "restore_gate_decisions",
  { pipeline_name: text, decision: word<Decision>(), code: text, total: bigint },
  "pipeline_name, decision, code, total",
  "JOIN gate_decision_total USING (pipeline_id)",
);

/** For whoever shows them still: the answer to the commit that archived them was lost. */
export const RESTORE_ARCHIVED = statement(
  "restore_archived",
  { pipeline_name: text },
  `SELECT pipeline_name FROM pipeline
    WHERE archived_at IS NOT NULL AND pipeline_id > $1 AND pipeline_id <= $2
      AND ($3::text[] IS NULL OR pipeline_name = ANY ($3::text[]))`,
);

/** Every total and state that the metrics show, a thousand pipelines at a time; `names`: of these pipelines only. */
export async function* restore(db: pg.Pool, names: readonly string[] | null): AsyncGenerator<Committed> {
  const [newest] = await select(db, LAST_PIPELINE);
  const last = newest?.last ?? 0;
  const only = names === null ? null : texts(names);
  // Waits for whoever writes to them: the transaction of a lost connection may still be going on.
  if (only !== null) await execute(db, WAIT_FOR_WRITERS, [only]);
  for (let from = 0; from < last; from += PART) {
    const read: ReadShown = (restored) => select(db, restored, [from, from + PART, only]);
    yield Object.assign(await kinds(read), {
      births: await read(RESTORE_BIRTHS),
      headlines: await read(RESTORE_HEADLINES),
      ...(await gatesAndGone(read)),
      gate_decisions: await read(RESTORE_GATE_DECISIONS),
    });
  }
}

/** The stored decisions of these pipelines, and which of them are archived. */
export async function restoreGates(db: pg.Pool, names: readonly string[]): Promise<Committed> {
  const [newest] = await select(db, LAST_PIPELINE);
  const read: ReadShown = (restored) => select(db, restored, [0, newest?.last ?? 0, texts(names)]);
  return Object.assign(nothingCommitted(), await gatesAndGone(read));
}

async function gatesAndGone(read: ReadShown): Promise<Pick<Committed, "gates" | "undecided" | "archived">> {
  const decided = await gates(read);
  return {
    gates: decided,
    // Evidence may have come since; who asks is answered from it.
    undecided: decided.filter(({ state }) => state.decision === "pending").map(({ pipeline_name }) => pipeline_name),
    archived: (await read(RESTORE_ARCHIVED)).map(({ pipeline_name }) => pipeline_name),
  };
}

/** One after the other: a statement a connection. */
async function kinds(read: ReadShown): Promise<Committed> {
  const shown = nothingCommitted();
  for (const table of Object.values(TABLES)) Object.assign(shown, await table.restore(read));
  return shown;
}

async function gates(read: ReadShown): Promise<Committed["gates"]> {
  return (await read(RESTORE_GATES)).map((row) => {
    const { pipeline_name, revision, data_interval_end } = row;
    return { pipeline_name, revision, state: stateOf(row)!, data_interval_end, cause: null };
  });
}
