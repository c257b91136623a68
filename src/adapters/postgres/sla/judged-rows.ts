/**
 * The results of a kind as rows of counts, `pipeline_id, subject_id, at, total, passed, excluded`, for a WHERE that goes on with
 * AND. Quality results have a table of their own. `kind` is SQL.
 */
export function judgedRows(table: "quality_result" | "sla_event", kind: string): string {
  const counts = "(NOT excluded)::int AS total, (passed AND NOT excluded)::int AS passed, excluded::int AS excluded";
  return table === "quality_result"
    ? `SELECT pipeline_id, check_id AS subject_id, checked_at AS at, ${counts} FROM quality_result WHERE score IS NOT NULL`
    : `SELECT pipeline_id, subject_id, at, ${counts} FROM sla_event WHERE kind = ${kind}`;
}

/** The column of the time of a result. */
export const TIME_OF = { quality_result: "checked_at", sla_event: "at" } as const;
