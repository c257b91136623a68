import { CHOSEN_PIPELINES, chosen } from "../lib/sources.ts";

/**
 * SQL of a common table `verdict`: the newest verdict on each chosen feature in the time range: of the latest run that
 * reported it, and within the run the latest, as the agent itself reads it.
 */
export const NEWEST_VERDICTS = `
        latest AS (
          SELECT DISTINCT ON (r.pipeline_id, f.feature_id)
                 r.pipeline_id, p.pipeline_name, f.feature_id, n.name AS feature_name, f.run_key, r.run_id, f.at
            FROM run r
            JOIN pipeline p USING (pipeline_id)
            JOIN run_feature f USING (run_key)
            JOIN name n ON n.name_id = f.feature_id
           WHERE ${CHOSEN_PIPELINES} AND ${chosen("n.name", "feature_name")} AND $__timeFilter(r.first_at)
           ORDER BY r.pipeline_id, f.feature_id, r.run_order DESC, f.at DESC
        ),
        verdict AS (
          SELECT l.pipeline_name, l.feature_name, l.run_id, d.*
            FROM latest l
           CROSS JOIN LATERAL (
                   SELECT * FROM drift_result d
                    WHERE d.pipeline_id = l.pipeline_id AND d.feature_id = l.feature_id AND d.at = l.at
                    ORDER BY (d.run_key = l.run_key) DESC NULLS LAST, d.n_current DESC, d.psi DESC NULLS LAST
                    LIMIT 1
                 ) d
        )`;

/** Significant digits of an edge in a label, as on the agent's own page. */
const DIGITS = 6;

const shortened = (edge: string) =>
  `CASE WHEN ${edge} = 0 THEN '0' ELSE trim_scale(round(${edge}, ${DIGITS - 1} - floor(log(abs(${edge})))::int))::text END`;

/**
 * SQL of the shares by bin of each \`verdict\`: expected (its reference) and actual. Counts are stored as LEB128 (a byte
 * of 128 or more goes on in the next one) behind a byte that is 1 where they are thousandths; they are in the order of the
 * reference's bins, then what the reference does not name (categories), then nulls; what follows are rows outside, which are
 * in the bins too. Bins that are empty on both sides are no bins. Rare names are not folded here as they are for a verdict.
 */
export const BINS = `
        byte AS (
          SELECT v.result_id, i, get_byte(v.counts, i) AS value,
                 coalesce(count(*) FILTER (WHERE get_byte(v.counts, i) < 128) OVER (
                   PARTITION BY v.result_id ORDER BY i ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS bin
            FROM verdict v, generate_series(1, length(v.counts) - 1) AS i
        ),
        digit AS (
          SELECT result_id, bin, (value & 127)::numeric AS value,
                 row_number() OVER (PARTITION BY result_id, bin ORDER BY i) - 1 AS place
            FROM byte
        ),
        actual AS (
          SELECT result_id, bin, sum(value * 128 ^ place) AS count FROM digit GROUP BY 1, 2
        ),
        reference AS (
          SELECT v.result_id, v.pipeline_name, v.feature_name, f.histogram, f.histogram->>'kind' AS kind,
                 jsonb_array_length(f.histogram->'counts') AS bins
            FROM verdict v
            JOIN feature_reference f USING (reference_id)
        ),
        bin AS (
          SELECT r.*, a.bin, a.count AS actual,
                 coalesce((r.histogram->'counts'->>a.bin::int)::numeric,
                          CASE WHEN a.bin = r.bins AND r.kind = 'categorical' THEN coalesce((r.histogram->>'folded')::numeric, 0)
                               ELSE (r.histogram->>'nulls')::numeric END) AS expected,
                 (r.histogram->'edges'->>a.bin::int)::numeric AS low,
                 (r.histogram->'edges'->>(a.bin::int + 1))::numeric AS high
            FROM reference r
            JOIN actual a USING (result_id)
           WHERE a.bin <= r.bins + (r.kind = 'categorical')::int
        ),
        named AS (
          SELECT *,
                 CASE WHEN bin < bins AND kind = 'numeric' THEN
                           CASE WHEN bin = 0 THEN '(-∞' ELSE '[' || ${shortened("low")} END || ', '
                             || CASE WHEN bin = bins - 1 THEN '∞)' ELSE ${shortened("high")} || ')' END
                      WHEN bin < bins AND kind = 'categorical' THEN histogram->'categories'->>bin::int
                      WHEN bin < bins THEN bin::text
                      WHEN bin = bins AND kind = 'categorical' THEN
                           CASE WHEN histogram ? 'rule' THEN 'other names' ELSE 'other' END
                      ELSE 'nulls' END AS label
            FROM bin
           WHERE expected > 0 OR actual > 0
        )`;
