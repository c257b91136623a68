import { GREATER_VERSION, LATEST, WEIGHTIER_VERDICT, WORSE_RESULT } from "../../../../domain/commit/newest.ts";
import { evidenceOfRow, HELD, heldSchemas } from "../../schema/held-schemas.ts";
import { bigint } from "../../statement/columns.ts";
import { statement } from "../../statement/statement.ts";
import { orderBy } from "../../tables/precedence-sql.ts";
import type { AskedGate, AskedGates } from "./asked-gates.ts";
import { runByKey } from "./chosen-run.ts";
import { LOOSE_CHECK, LOOSE_FEATURE, looseOf } from "./loose-evidence.ts";

/** What came of `table` in runs that nobody started or ended, until their first counts, and before the next one that ended. */
function checkedAfter(table: string, name_id: string, name: string, columns: object, newestFirst: string): string {
  const selected = Object.keys(columns)
    .filter((column) => column !== name)
    .map((one) => `e.${one}`);
  return `${foundAfter(table, name_id, `n.name AS ${name}, ${selected.join(", ")}`, newestFirst)}
   ORDER BY found.${name}`;
}

function foundAfter(table: string, name_id: string, selected: string, newestFirst: string): string {
  return `
  SELECT s.run_key, found.*
    FROM unnest($1::bigint[]) AS u (run_key)
   ${runByKey("s")}
   CROSS JOIN LATERAL (
           SELECT DISTINCT ON (n.name) ${selected}
             FROM run o
             JOIN ${table} e ON e.run_key = o.run_key
             JOIN name n ON n.name_id = e.${name_id}
            WHERE o.pipeline_id = s.pipeline_id AND o.runless AND o.first_at > s.finished_at
              AND NOT o.ended AND o.started_at IS NULL
              AND e.at < coalesce((SELECT min(c.first_at) FROM run_records c WHERE c.run_key = o.run_key), 'infinity')
              AND NOT EXISTS (SELECT FROM run next
                               WHERE next.pipeline_id = s.pipeline_id AND next.runless AND next.ended_once
                                 AND next.first_at > s.finished_at AND next.first_at < o.first_at)
            ORDER BY n.name, ${newestFirst}) found`;
}

export const CHECKED_AFTER = statement(
  "checked_after",
  { run_key: bigint, ...LOOSE_CHECK },
  checkedAfter("run_check", "check_id", "check_name", LOOSE_CHECK, orderBy([...LATEST, ...WORSE_RESULT], "e")),
);

export const JUDGED_AFTER = statement(
  "judged_after",
  { run_key: bigint, ...LOOSE_FEATURE },
  checkedAfter(
    "run_feature",
    "feature_id",
    "feature_name",
    LOOSE_FEATURE,
    orderBy([...LATEST, ...WEIGHTIER_VERDICT], "e"),
  ),
);

export const SCHEMAS_AFTER = statement(
  "schemas_after",
  { run_key: bigint, ...HELD },
  heldSchemas(
    `(${foundAfter(
      "run_schema",
      "dataset_id",
      "s.pipeline_id, e.dataset_id, e.version, e.at",
      orderBy([...LATEST, ...GREATER_VERSION], "e"),
    )})`,
    ["run_key"],
  ),
);

/**
 * Quality, drift and schemas that came after the end of the run-less run of a pipeline whose runs never have ids, while none was open:
 * another program checks what the run has brought, or the next run begins with a check. Nobody can tell, so that it counts for
 * this run as well (domain/gate/evidence/with-loose.ts): it makes its decision worse, never better.
 */
export async function addEvidenceAfter(gates: AskedGates): Promise<void> {
  const of = ({ chosen }: AskedGate) => chosen.may_be_checked_after;
  const [checks, features, schemas] = await Promise.all([
    gates.askRuns(CHECKED_AFTER, { of }),
    gates.askRuns(JUDGED_AFTER, { of }),
    gates.askRuns(SCHEMAS_AFTER, { of }),
  ]);
  for (const { run_key, ...check } of checks) looseOf(gates.ofRun(run_key)).checks.push(check);
  for (const { run_key, ...feature } of features) looseOf(gates.ofRun(run_key)).features.push(feature);
  for (const { run_key, ...row } of schemas) looseOf(gates.ofRun(run_key)).schemas!.push(evidenceOfRow(row));
}
