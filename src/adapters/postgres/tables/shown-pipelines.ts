import { GAUGE_RUNS } from "../../../domain/runs/run-state.ts";
import type { Columns } from "../statement/columns.ts";
import { type Statement, statement } from "../statement/statement.ts";

/** Exclusively from the id $1 to $2, and where $3 has names only these. */
const IS_SHOWN = `
    p.born_at IS NOT NULL AND p.archived_at IS NULL AND p.pipeline_id > $1 AND p.pipeline_id <= $2
      AND ($3::text[] IS NULL OR p.pipeline_name = ANY ($3::text[]))`;

/** As the source of `gauge-rows.ts`. */
export const SHOWN = `
  (SELECT p.*, p.recent_orders[${GAUGE_RUNS}] AS horizon FROM pipeline p WHERE ${IS_SHOWN}) p`;

/** What is read of each pipeline that the metrics show; `joins` begin at the pipeline p. */
export function ofShown<C extends Columns>(name: string, columns: C, selected: string, joins = ""): Statement<C> {
  return statement(name, columns, `SELECT ${selected} FROM pipeline p ${joins} WHERE ${IS_SHOWN}`);
}
