import { GREATER_VERSION, LATEST, WEIGHTIER_VERDICT, WORSE_RESULT } from "../../../../domain/commit/newest.ts";
import { type TimeRange, timesOf } from "../../../../domain/gate/evidence/attach.ts";
import type { CheckEvidence, FeatureEvidence, LooseEvidence } from "../../../../domain/gate/evidence/evidence.ts";
import { schemaFails } from "../../../../domain/gate/evidence/schema-evidence.ts";
import { numbers, times } from "../../connection/values/array-literals.ts";
import { runSpans } from "../../runs/run-spans.ts";
import { evidenceOfRow, HELD, heldSchemas } from "../../schema/held-schemas.ts";
import { boolean, float, integer, nullable, text, time, word } from "../../statement/columns.ts";
import { statement } from "../../statement/statement.ts";
import { orderBy } from "../../tables/precedence-sql.ts";
import type { AskedGate, AskedGates } from "./asked-gates.ts";

export const LOOSE_CHECK = {
  check_name: text,
  score: nullable(float),
  threshold: float,
  severity: word<CheckEvidence["severity"]>(),
  error: nullable(text),
  at: time,
};

export const LOOSE_FEATURE = {
  feature_name: text,
  verdict: word<FeatureEvidence["verdict"]>(),
  psi: nullable(float),
  p_value: nullable(float),
  threshold: float,
  n_current: float,
  at: time,
};

/** To be asked for where there is some. */
export function looseOf({ evidence }: AskedGate): LooseEvidence {
  evidence.loose ??= { checks: [], features: [], schemas: [] };
  return evidence.loose;
}

/** What a loose row is read by: times of one asked run, for every row or for those that failed. */
interface AskedTimes extends TimeRange {
  asked: number;
  pipeline_id: number;
  failing_only: boolean;
}

const TIMES = `
    FROM unnest($1::int[], $2::int[], $3::float8[], $4::float8[], $5::boolean[])
         AS u (asked, pipeline_id, since, until, failing_only)`;

/** Half-open, as in domain/gate/evidence/attach.ts. */
const within = (at: string) =>
  `l.pipeline_id = u.pipeline_id AND l.run_key IS NULL AND ${at} >= to_timestamp(u.since) AND ${at} < to_timestamp(u.until)`;

export const LOOSE_CHECKS = statement(
  "loose_checks",
  { asked: integer, ...LOOSE_CHECK },
  `
  SELECT DISTINCT ON (u.asked, l.check_id)
         u.asked, n.name AS check_name, l.score, l.threshold, l.severity, l.error, l.checked_at AS at
    ${TIMES}
    JOIN quality_result l ON ${within("l.checked_at")} AND (NOT u.failing_only OR l.passed IS NOT TRUE)
    JOIN name n ON n.name_id = l.check_id
   ORDER BY u.asked, l.check_id, ${orderBy([...LATEST, ...WORSE_RESULT], "l", { at: "checked_at" })}`,
);

export const LOOSE_FEATURES = statement(
  "loose_features",
  { asked: integer, ...LOOSE_FEATURE },
  `
  SELECT DISTINCT ON (u.asked, l.feature_id)
         u.asked, n.name AS feature_name, l.verdict, l.psi, l.p_value, l.threshold, l.n_current, l.at
    ${TIMES}
    JOIN drift_result l ON ${within("l.at")}
     AND (NOT u.failing_only OR l.verdict NOT IN ('stable', 'inconclusive', 'no_reference'))
    JOIN name n ON n.name_id = l.feature_id
   ORDER BY u.asked, l.feature_id, ${orderBy([...LATEST, ...WEIGHTIER_VERDICT], "l")}`,
);

/** Whether a schema fails is known when it is compared, so that the latest of all times and the latest of those of failures are read. */
export const LOOSE_SCHEMAS = statement(
  "loose_schemas",
  { asked: integer, failing_only: boolean, ...HELD },
  heldSchemas(
    `(
      SELECT DISTINCT ON (u.asked, u.failing_only, l.dataset_id)
             u.asked, u.failing_only, l.pipeline_id, l.dataset_id, l.version, l.at, u.run_key
        FROM unnest($1::int[], $2::int[], $3::float8[], $4::float8[], $5::boolean[], $6::bigint[])
             AS u (asked, pipeline_id, since, until, failing_only, run_key)
        JOIN schema_report l ON ${within("l.at")}
       ORDER BY u.asked, u.failing_only, l.dataset_id, ${orderBy([...LATEST, ...GREATER_VERSION], "l")})`,
    ["asked", "failing_only"],
  ),
);

/**
 * What was reported without a run_id and counts for the runs (domain/gate/evidence/attach.ts). Which times count is told by the
 * runs around, so that it takes one way more where there may be some.
 */
export async function addLoose(gates: AskedGates): Promise<void> {
  const query = gates.ask;
  const asked = gates.all.filter(({ chosen }) => chosen.may_have_loose);
  if (asked.length === 0) return;
  const spans = await runSpans(
    query,
    asked.map(({ chosen }) => ({ pipeline_id: chosen.pipeline_id, around: chosen.first_at })),
  );
  const ranges = asked.flatMap(({ chosen: { pipeline_id, run_id }, attach }, i): AskedTimes[] => {
    const { picked, failing } = timesOf(run_id, spans[i]!, attach);
    const of = (range: TimeRange, failing_only: boolean) => ({ ...range, asked: i, pipeline_id, failing_only });
    return [...picked.map((range) => of(range, false)), ...failing.map((range) => of(range, true))];
  });
  const parameters = [
    numbers(ranges.map((range) => range.asked)),
    numbers(ranges.map((range) => range.pipeline_id)),
    times(ranges.map((range) => range.from)),
    times(ranges.map((range) => range.to)),
    numbers(ranges.map((range) => range.failing_only)),
  ];
  const run_keys = numbers(ranges.map((range) => asked[range.asked]!.chosen.run_key));
  const [checks, features, schemas] = await Promise.all([
    query(LOOSE_CHECKS, parameters),
    query(LOOSE_FEATURES, parameters),
    query(LOOSE_SCHEMAS, [...parameters, run_keys]),
  ]);
  for (const { asked: i, ...check } of checks) looseOf(asked[i]!).checks.push(check);
  for (const { asked: i, ...feature } of features) looseOf(asked[i]!).features.push(feature);
  for (const { asked: i, failing_only, ...row } of schemas) {
    const schema = evidenceOfRow(row);
    if (!failing_only || schemaFails(schema)) looseOf(asked[i]!).schemas!.push(schema);
  }
}
