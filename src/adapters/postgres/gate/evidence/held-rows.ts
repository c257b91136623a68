import type { StageEvidence } from "../../../../domain/gate/evidence/evidence.ts";
import { numbers, texts } from "../../connection/values/array-literals.ts";
import { bigint } from "../../statement/columns.ts";
import { isSome } from "../../statement/is-some.ts";
import { statement } from "../../statement/statement.ts";
import type { AskedGates } from "./asked-gates.ts";
import { runByKey } from "./chosen-run.ts";

/** Earlier good runs that are looked through for a stage that holds nothing now. */
const GOOD_RUNS = 100;

/** Of the stage n in the run s. A stage that never had any is told by its total, without looking through runs. */
const EVER = "records_total o WHERE o.pipeline_id = s.pipeline_id AND o.stage_id = n.name_id AND o.processed > 0";
const IN_GOOD_RUNS = `
      (SELECT e.run_key, e.records_from FROM run e
        WHERE e.pipeline_id = s.pipeline_id AND e.run_order < s.run_order
          AND e.status = 'success' AND e.ended AND e.invalidated_at IS NULL
        ORDER BY e.run_order DESC, e.run_key DESC LIMIT ${GOOD_RUNS}) good
      JOIN run_records h ON h.run_key = good.run_key AND h.attempt_no >= good.records_from
           AND h.stage_id = n.name_id AND h.count > 0`;

export const STAGES_THAT_HELD_ROWS = statement(
  "stages_that_held_rows",
  { place: bigint },
  `
  SELECT u.place
    FROM unnest($1::bigint[], $2::text[]) WITH ORDINALITY AS u (run_key, stage, place)
   ${runByKey("s")}
    JOIN name n ON n.name = u.stage
   WHERE ${isSome(EVER)} AND ${isSome(IN_GOOD_RUNS)}`,
);

/** Whether the stages without records had some in an earlier good run; of all others it is not asked. */
export async function addHeldRows(gates: AskedGates): Promise<void> {
  const empty: { run_key: number; stage: StageEvidence }[] = [];
  for (const { chosen, evidence } of gates.all) {
    for (const stage of evidence.stages) if (stage.count === 0) empty.push({ run_key: chosen.run_key!, stage });
  }
  if (empty.length === 0) return;
  const held = await gates.ask(STAGES_THAT_HELD_ROWS, [
    numbers(empty.map(({ run_key }) => run_key)),
    texts(empty.map(({ stage }) => stage.stage)),
  ]);
  for (const { stage } of empty) stage.held_rows = false;
  for (const { place } of held) empty[place - 1]!.stage.held_rows = true;
}
