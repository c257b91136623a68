import type { Override } from "../../../../domain/gate/transition.ts";
import type { Query } from "../../connection/query.ts";
import { integer, nullable, text, time, uuid, word } from "../../statement/columns.ts";
import { statement } from "../../statement/statement.ts";
import type { AskedGate } from "./chosen-run.ts";
import { grouped, ofPipelines } from "./rows-of.ts";

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

/** Those of each gate that have not ended and outlast `now`. */
export async function overridesInForce(
  query: Query,
  gates: readonly AskedGate[],
  now: number,
): Promise<(pipeline_id: number) => Override[]> {
  const asked = gates.filter(({ has_overrides }) => has_overrides);
  const rows = await ofPipelines(query, OVERRIDES_IN_FORCE, asked, now / 1000);
  return grouped(
    rows,
    ({ pipeline_id }) => pipeline_id,
    ({ pipeline_id: _, ...override }) => override,
  );
}
