/** Quality checks: each answers one item of `POST /v1/quality`. A score is 0 to 1, and passes from its threshold on. */

/** 1 − nulls / rows. A row that fails the schema has no say in it. */
export function nullRate(rows, column) {
  const check = { check_name: "null_rate", threshold: 0.95 };
  // No score is not a good score: Sluice counts it neither as passed nor into the SLA, and keeps the reason.
  if (rows.length === 0) return { ...check, score: null, error: "no row with the expected columns to look at" };
  const nulls = rows.filter((row) => row[column] === null).length;
  return { ...check, score: 1 - nulls / rows.length };
}

export function schemaCompliance(valid, total) {
  return { check_name: "schema_compliance", threshold: 0.99, score: total === 0 ? 0 : valid / total };
}

/** Rows against the middle one of the days before (null: not loaded). More than usual is fine here. */
export function rowCount(rows, before) {
  const check = { check_name: "row_count", threshold: 0.8 };
  if (before.includes(null))
    return { ...check, score: null, error: "a day before is missing: nothing to compare with" };
  const usual = before.toSorted((a, b) => a - b)[Math.floor(before.length / 2)];
  return { ...check, score: Math.min(1, rows / usual) };
}

/** Late data is still good data: a warning. */
export function onTime(arrived, due) {
  return { check_name: "on_time", threshold: 1, severity: "warn", score: arrived <= due ? 1 : 0 };
}
