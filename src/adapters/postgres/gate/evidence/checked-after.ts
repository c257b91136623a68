import { LATEST, WEIGHTIER_VERDICT, WORSE_RESULT } from "../../../../domain/commit/newest.ts";
import type { LooseEvidence } from "../../../../domain/gate/evidence/evidence.ts";
import type { Query } from "../../connection/query.ts";
import { bigint } from "../../statement/columns.ts";
import { statement } from "../../statement/statement.ts";
import { orderBy } from "../../tables/precedence-sql.ts";
import type { AskedGate } from "./chosen-run.ts";
import { LOOSE_CHECK, LOOSE_FEATURE, looseOf } from "./loose-evidence.ts";
import { grouped, ofRuns } from "./rows-of.ts";

/** What came of `table` in runs that nobody started or ended, until their first counts, and before the next one that ended. */
function checkedAfter(table: string, name_id: string, name: string, columns: object, newestFirst: string): string {
  const selected = Object.keys(columns).filter((column) => column !== name);
  return `
  SELECT DISTINCT ON (s.run_key, n.name) s.run_key, n.name AS ${name}, ${selected.map((one) => `e.${one}`).join(", ")}
    FROM unnest($1::bigint[]) AS asked (run_key)
    JOIN run s USING (run_key)
    JOIN run u ON u.pipeline_id = s.pipeline_id AND u.runless AND u.first_at > s.finished_at
    JOIN ${table} e ON e.run_key = u.run_key
    JOIN name n ON n.name_id = e.${name_id}
   WHERE NOT u.ended AND u.started_at IS NULL
     AND e.at < coalesce((SELECT min(c.first_at) FROM run_records c WHERE c.run_key = u.run_key), 'infinity')
     AND NOT EXISTS (SELECT FROM run next
                      WHERE next.pipeline_id = s.pipeline_id AND next.runless AND next.ended_once
                        AND next.first_at > s.finished_at AND next.first_at < u.first_at)
   ORDER BY s.run_key, n.name, ${newestFirst}`;
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

/**
 * Quality and drift that came after the end of the run-less run of a pipeline whose runs never have ids, while none was open:
 * another program checks what the run has brought, or the next run begins with a check. Nobody can tell, so that it counts for
 * this run as well (domain/gate/evidence/with-loose.ts): it makes its decision worse, never better. null: there is none.
 */
export async function evidenceAfter(query: Query, gates: readonly AskedGate[]): Promise<(LooseEvidence | null)[]> {
  const asked = gates.filter(({ may_be_checked_after }) => may_be_checked_after);
  const [checks, features] = await Promise.all([
    ofRuns(query, CHECKED_AFTER, asked),
    ofRuns(query, JUDGED_AFTER, asked),
  ]);
  const checksOf = grouped(
    checks,
    ({ run_key }): number | null => run_key,
    ({ run_key: _, ...check }) => check,
  );
  const featuresOf = grouped(
    features,
    ({ run_key }): number | null => run_key,
    ({ run_key: _, ...feature }) => feature,
  );
  return gates.map(({ run_key }) => looseOf(checksOf(run_key), featuresOf(run_key)));
}
