import { numbers } from "../connection/values/array-literals.ts";
import { integer } from "../statement/columns.ts";
import { type Db, select, statement } from "../statement/statement.ts";

/** Of so few pipelines each is looked up by itself; of more the newest rows of all are gone through, and most are theirs. */
const FEW = 100;

/** Whose rows a list is about. `condition` and `each` are SQL; one of them is null. */
export interface Whose {
  /** A condition on the column of pipeline_id, for rows that are read in the order of time; null: all rows are meant. */
  condition: ((column: string) => string) | null;
  /** Pipelines that are looked up one by one: what to select `pipeline_id` from. */
  each: string | null;
}

export const VISIBLE_PIPELINES = statement(
  "visible_pipelines",
  { pipeline_id: integer },
  `SELECT pipeline_id FROM pipeline
    WHERE ($1::text IS NULL OR pipeline_name = $1) AND ($2::text[] IS NULL OR pipeline_name ~ ANY ($2::text[]))`,
);

/** `pipeline_name`: of one alone; `allowed`: regular expressions of those that may be seen. null: no limit. */
export async function visiblePipelines(
  db: Db,
  { pipeline_name, allowed }: { pipeline_name: string | null; allowed: string[] | null },
): Promise<number[] | null> {
  if (pipeline_name === null && allowed === null) return null;
  return (await select(db, VISIBLE_PIPELINES, [pipeline_name, allowed])).map(({ pipeline_id }) => pipeline_id);
}

/** `pipeline_ids`: what `visiblePipelines` answered. */
export function whose(pipeline_ids: readonly number[] | null, parameter: (value: unknown) => string): Whose {
  if (pipeline_ids === null) return { condition: null, each: null };
  const ids = `${parameter(numbers(pipeline_ids))}::int[]`;
  if (pipeline_ids.length <= FEW) return { condition: null, each: `unnest(${ids}) AS u (pipeline_id)` };
  return { condition: (column) => `${column} = ANY (${ids})`, each: null };
}

/**
 * The newest rows of a table: `select` with `where` (conditions) and `order`, so many of them. Of few pipelines those of each
 * are taken first, by the index that begins with the pipeline.
 */
export function newest(
  select: string,
  { table, order, where, limit }: { table: string; order: string; where: readonly string[]; limit: string },
  { condition, each }: Whose,
): string {
  const rows = (more: string[]) => {
    const all = [...where, ...more];
    return `${select} FROM ${table} ${all.length > 0 ? `WHERE ${all.join(" AND ")}` : ""} ORDER BY ${order} LIMIT ${limit}`;
  };
  if (each === null) return rows(condition === null ? [] : [condition("pipeline_id")]);
  return `SELECT t.* FROM ${each} CROSS JOIN LATERAL (${rows([`${table}.pipeline_id = u.pipeline_id`])}) t ORDER BY ${order} LIMIT ${limit}`;
}
