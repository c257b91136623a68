import type pg from "pg";
import { readRun } from "../../src/adapters/postgres/read/runs.ts";
import { slaCounts } from "../../src/adapters/postgres/read/sla.ts";

const DAY = 86_400_000;

/** What the store has of a pipeline, without what only names it (run-less runs have random ids). */
export async function stored(db: pg.Pool, pipeline_name: string) {
  const of = async <R extends pg.QueryResultRow>(text: string) => (await db.query<R>(text, [pipeline_name])).rows;
  const runs = await of<{ run_id: string; run_order: number; given_up_at: number | null }>(
    "SELECT run_id, run_order, given_up_at FROM run JOIN pipeline USING (pipeline_id) WHERE pipeline_name = $1 ORDER BY first_at",
  );
  const totals = await of<{ status: string; total: number }>(
    "SELECT status, total FROM run_total JOIN pipeline USING (pipeline_id) WHERE pipeline_name = $1 ORDER BY status",
  );
  const [duration] = await of<{ count: number }>(
    "SELECT count FROM duration_total JOIN pipeline USING (pipeline_id) WHERE pipeline_name = $1",
  );
  const [records] = await of<{ total: number | null }>(
    "SELECT sum(processed) AS total FROM records_total JOIN pipeline USING (pipeline_id) WHERE pipeline_name = $1",
  );
  const loose = await of<{ name: string; score: number }>(
    `SELECT n.name, q.score FROM quality_result q JOIN pipeline USING (pipeline_id) JOIN name n ON n.name_id = q.check_id
      WHERE pipeline_name = $1 AND run_key IS NULL ORDER BY checked_at`,
  );
  const now = Date.UTC(2026, 10, 20, 12);
  const span = {
    from: now - 30 * DAY,
    to: now + DAY,
    kind: "run" as const,
    pipeline_names: [pipeline_name],
    subject: null,
  };
  const [sla] = await slaCounts(db, { ...span, by_subject: false, by_day: false });
  return {
    runs: await Promise.all(
      runs.map(async ({ run_id, run_order, given_up_at }) => {
        const run = (await readRun(db, pipeline_name, run_id))!;
        const { status, attempt, started_at, finished_at } = run;
        return {
          ...{ status, attempt, started_at, finished_at, run_order, given_up_at },
          attempts: run.attempts.map((one) => `${one.attempt} ${one.status}`),
          stages: run.stages.map(({ stage, count, expected_min }) => {
            return `${stage} ${count}${expected_min === null ? "" : ` of ${expected_min}`}`;
          }),
          checks: run.checks.map(({ check_name, score }) => `${check_name} ${score}`),
        };
      }),
    ),
    run_totals: Object.fromEntries(totals.map(({ status, total }) => [status, total])),
    durations: duration?.count ?? 0,
    records_total: records?.total ?? 0,
    sla: { total: sla?.total ?? 0, passed: sla?.passed ?? 0, excluded: sla?.excluded ?? 0 },
    loose: loose.map(({ name, score }) => `${name} ${score}`),
  };
}
