import { LATEST, WEIGHTIER_VERDICT, WORSE_RESULT } from "../../../domain/commit/newest.ts";
import { orderBy } from "../tables/precedence-sql.ts";

/**
 * Quality and drift that came after the end of the run-less run `s` of a pipeline `p` whose runs never have ids, while none was
 * open: another program checks what the run has brought, or the next run begins with a check. Nobody can tell, so that it counts
 * for this run as well (domain/gate/evidence/with-loose.ts): it makes its decision worse, never better. NULL: there is none.
 */
export const CHECKED_AFTER = `
  CASE WHEN s.runless AND s.ended_once AND NOT p.has_named_runs THEN
    (SELECT json_build_object('checks', checks.items, 'features', features.items)
       FROM (${itemsOf(
         "run_check",
         "check_id",
         orderBy([...LATEST, ...WORSE_RESULT], "e"),
         "'check_name', n.name, 'score', e.score, 'threshold', e.threshold, 'severity', e.severity, 'error', e.error",
       )}) checks,
            (${itemsOf(
              "run_feature",
              "feature_id",
              orderBy([...LATEST, ...WEIGHTIER_VERDICT], "e"),
              "'feature_name', n.name, 'verdict', e.verdict, 'psi', e.psi, 'p_value', e.p_value, 'threshold', e.threshold, 'n_current', e.n_current",
            )}) features
      WHERE checks.items IS NOT NULL OR features.items IS NOT NULL)
  END`;

/** Of runs that nobody started or ended, until their first counts, and before the next one that ended. */
function itemsOf(table: string, name_id: string, newestFirst: string, columns: string): string {
  return `
         SELECT json_agg(json_build_object(${columns}, 'at', extract(epoch FROM e.at) * 1000) ORDER BY n.name) AS items
           FROM (SELECT DISTINCT ON (e.${name_id}) e.*
                   FROM run u JOIN ${table} e USING (run_key)
                  WHERE u.pipeline_id = p.pipeline_id AND u.runless AND u.first_at > s.finished_at
                    AND NOT u.ended AND u.started_at IS NULL
                    AND e.at < coalesce((SELECT min(c.first_at) FROM run_records c WHERE c.run_key = u.run_key), 'infinity')
                    AND NOT EXISTS (SELECT FROM run next
                                     WHERE next.pipeline_id = p.pipeline_id AND next.runless AND next.ended_once
                                       AND next.first_at > s.finished_at AND next.first_at < u.first_at)
                  ORDER BY e.${name_id}, ${newestFirst}) e
           JOIN name n ON n.name_id = e.${name_id}`;
}
