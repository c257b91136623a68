import type { Override } from "../../../../domain/gate/transition.ts";
import { integer, nullable, text, time, uuid, word } from "../../statement/columns.ts";
import { statement } from "../../statement/statement.ts";
import type { AskedGates } from "./asked-gates.ts";

export const OVERRIDES_IN_FORCE = statement(
  "overrides_in_force",
  {
    pipeline_id: integer,
    override_id: uuid,
    decision: word<Override["decision"]>(),
    reason: text,
    actor: text,
    created_at: time,
    expires_at: time,
    run_id: nullable(text),
  },
  `
  SELECT o.pipeline_id, o.override_id, o.decision, o.reason, o.actor, o.created_at, o.expires_at, o.run_id
    FROM gate_override o
   WHERE o.pipeline_id = ANY ($1::int[]) AND o.ended_at IS NULL AND o.expires_at > to_timestamp($2::float8)
   ORDER BY o.pipeline_id, o.created_at, o.override_id`,
);

/** Those that have not ended and outlast `now`. */
export async function addOverrides(gates: AskedGates, now: number): Promise<void> {
  const rows = await gates.askPipelines(OVERRIDES_IN_FORCE, ({ chosen }) => chosen.has_overrides, now / 1000);
  for (const { pipeline_id, ...override } of rows) gates.ofPipeline(pipeline_id).overrides.push(override);
}
