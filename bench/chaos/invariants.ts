import { expositionProblems } from "./exposition.ts";
import { STORED_MARKS } from "./reports.ts";

/** Runs a statement and gives its rows. */
export type Query = (sql: string) => Promise<Record<string, unknown>[]>;

export interface Evidence {
  query: Query;
  /** The body of GET /metrics, birth_hold being 0. */
  metrics: string;
  /** Marks of everything that was sent, all of it acknowledged. */
  acknowledged: readonly string[];
  /** How many ids those reports had. */
  ids: number;
}

const MOST_SHOWN = 10;

/** What is not as it must be when all clients have been answered, a sentence each. Empty: all is well. */
export async function violations(evidence: Evidence): Promise<string[]> {
  return [
    ...(await exactlyOnce(evidence)),
    ...(await sumsDiffer(evidence.query)),
    ...(await expositionProblems(evidence.query, evidence.metrics)),
  ];
}

/** Every acknowledged report is there once, and nothing else is. */
async function exactlyOnce({ query, acknowledged, ids }: Evidence): Promise<string[]> {
  const found: string[] = [];
  const stored = new Map<string, number>();
  for (const { mark } of await query(STORED_MARKS)) {
    stored.set(String(mark), (stored.get(String(mark)) ?? 0) + 1);
  }
  const lost = acknowledged.filter((mark) => !stored.has(mark));
  const known = new Set(acknowledged);
  const twice = [...stored].filter(([, times]) => times > 1).map(([mark, times]) => `${mark} × ${times}`);
  const unknown = [...stored.keys()].filter((mark) => !known.has(mark));
  if (lost.length > 0) found.push(`${lost.length} acknowledged rows are lost: ${some(lost)}`);
  if (twice.length > 0) found.push(`${twice.length} rows are there more than once: ${some(twice)}`);
  if (unknown.length > 0) found.push(`${unknown.length} rows were never acknowledged: ${some(unknown)}`);
  const [{ n } = { n: null }] = await query("SELECT count(*)::int AS n FROM report_id");
  if (n !== ids) found.push(`${n} report ids are stored, ${ids} were acknowledged`);
  return found;
}

/** Each names a sum that is kept, and what it must be by the rows; both sides as (key, value). `some`: not all of them are kept. */
const SUMS: { what: string; kept: string; counted: string; some?: true }[] = [
  {
    what: "run_total",
    kept: "SELECT pipeline_id || ' ' || status AS key, total::text AS value FROM run_total",
    counted: `SELECT pipeline_id || ' ' || (m ->> 'status') AS key, count(*)::text AS value
                FROM run, jsonb_array_elements(marks) m WHERE m ->> 'status' <> 'started' GROUP BY 1`,
  },
  {
    what: "duration_total",
    kept: "SELECT pipeline_id::text AS key, count || ' ' || trim_scale(sum_nanoseconds) AS value FROM duration_total",
    counted: `SELECT pipeline_id::text AS key,
                     count(*) || ' ' || trim_scale(sum(round((m ->> 'duration_seconds')::numeric * 1000000000))) AS value
                FROM run, jsonb_array_elements(marks) m
               WHERE (m ->> 'duration_counted')::boolean AND m ->> 'duration_seconds' IS NOT NULL GROUP BY 1`,
  },
  {
    what: "records_total",
    kept: "SELECT pipeline_id || ' ' || stage_id AS key, processed || ' ' || failed AS value FROM records_total",
    counted: `SELECT pipeline_id || ' ' || stage_id AS key, sum(count) || ' ' || coalesce(sum(failed), 0) AS value
                FROM records_report GROUP BY 1`,
  },
  {
    what: "run_records",
    kept: `SELECT concat_ws(' ', run_key, stage_id, part_id, attempt, try) AS key,
                  sum(count) || ' ' || coalesce(sum(failed), 0) AS value FROM run_records GROUP BY 1`,
    counted: `SELECT concat_ws(' ', run_key, stage_id, part_id, coalesce(attempt, 0), coalesce(try, 0)) AS key,
                     sum(count) || ' ' || coalesce(sum(failed), 0) AS value FROM records_report GROUP BY 1`,
  },
  {
    what: "run_check",
    kept: `SELECT concat_ws(' ', run_key, check_id, attempt, try) AS key, at || ' ' || coalesce(score::text, '') AS value
             FROM run_check`,
    counted: `SELECT DISTINCT ON (key) concat_ws(' ', run_key, check_id, coalesce(attempt, 0), coalesce(try, 0)) AS key,
                     checked_at || ' ' || coalesce(score::text, '') AS value
                FROM quality_result ORDER BY key, checked_at DESC, score NULLS FIRST`,
  },
  {
    what: "latency_total",
    kept: "SELECT pipeline_id || ' ' || operation_id AS key, count || ' ' || sum_nanoseconds || ' ' || buckets::text AS value FROM latency_total",
    counted: `SELECT pipeline_id || ' ' || operation_id AS key,
                     sum(count) || ' ' || sum(sum_nanoseconds) || ' ' || (
                       SELECT array_agg(total ORDER BY place)::text
                         FROM (SELECT place, sum(bucket)::bigint AS total
                                 FROM latency_report b, unnest(b.buckets) WITH ORDINALITY AS u (bucket, place)
                                WHERE b.pipeline_id = r.pipeline_id AND b.operation_id = r.operation_id
                                GROUP BY place) t) AS value
                FROM latency_report r GROUP BY pipeline_id, operation_id`,
  },
  {
    what: "dataset_freshness",
    kept: "SELECT pipeline_id || ' ' || dataset_id AS key, data_through::text AS value FROM dataset_freshness",
    counted: `SELECT pipeline_id || ' ' || dataset_id AS key, max(data_through)::text AS value
                FROM freshness_report GROUP BY 1`,
  },
  ...["hour", "day", "month"].map((unit) => ({
    what: `sla_${unit}`,
    ...(unit === "day" ? {} : { some: true as const }),
    kept: `SELECT pipeline_id || ' ' || subject_id || ' ' || ${unit} AS key, total || ' ' || passed AS value
             FROM sla_${unit} WHERE kind = 'quality'`,
    counted: `SELECT pipeline_id || ' ' || check_id || ' ' || date_trunc('${unit}', checked_at) AS key,
                     count(*) || ' ' || count(*) FILTER (WHERE passed) AS value
                FROM quality_result WHERE score IS NOT NULL AND NOT excluded GROUP BY 1`,
  })),
];

async function sumsDiffer(query: Query): Promise<string[]> {
  const found: string[] = [];
  for (const { what, kept, counted, some: partly } of SUMS) {
    const rows = await query(
      `SELECT key, k.value AS kept, c.value AS counted FROM (${kept}) k ${partly ? "LEFT" : "FULL"} JOIN (${counted}) c USING (key)
        WHERE k.value IS DISTINCT FROM c.value`,
    );
    if (rows.length === 0) continue;
    const shown = rows.map((row) => `${row.key}: kept ${row.kept}, the rows say ${row.counted}`);
    found.push(`${what} differs from its rows in ${rows.length} places: ${some(shown)}`);
  }
  return found;
}

export function some(texts: readonly string[]): string {
  const more = texts.length > MOST_SHOWN ? `, and ${texts.length - MOST_SHOWN} more` : "";
  return texts.slice(0, MOST_SHOWN).join("; ") + more;
}
