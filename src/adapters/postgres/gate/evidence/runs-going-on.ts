import type { RunGoingOn } from "../../../../domain/gate/evidence/evidence.ts";
import { integer, nullable, text, time, word } from "../../statement/columns.ts";
import { statement } from "../../statement/statement.ts";
import type { AskedGates } from "./asked-gates.ts";

/** Runs of one pipeline that are going on; more of them decide no differently. */
const MOST_GOING_ON = 100;

/** The index run_going_on holds them in the order of their starts. */
export const RUNS_GOING_ON = statement(
  "runs_going_on",
  {
    pipeline_id: integer,
    run_id: text,
    status: word<RunGoingOn["status"]>(),
    attempt: integer,
    started_at: nullable(time),
    first_at: time,
  },
  `
  SELECT o.pipeline_id, o.run_id, o.status, o.attempt, o.started_at, o.first_at
    FROM unnest($1::int[]) AS u (pipeline_id)
   CROSS JOIN LATERAL (
           SELECT * FROM run o
            WHERE o.pipeline_id = u.pipeline_id AND NOT o.ended AND o.status IN ('started', 'retrying')
              AND o.invalidated_at IS NULL
            ORDER BY coalesce(o.started_at, o.first_at) LIMIT ${MOST_GOING_ON}) o
   ORDER BY o.pipeline_id, o.run_id`,
);

/** Of the gates that ask for them. */
export async function addRunsGoingOn(gates: AskedGates): Promise<void> {
  for (const { going_on, evidence } of gates.all) if (going_on) evidence.going_on = [];
  const rows = await gates.askPipelines(RUNS_GOING_ON, ({ going_on }) => going_on);
  for (const { pipeline_id, ...run } of rows) gates.ofPipeline(pipeline_id).evidence.going_on!.push(run);
}
