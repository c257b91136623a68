import type { Builder, Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import { type AnnotationQuery, AnnotationQueryBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { COLOURS } from "./colours.ts";
import { CHOSEN_PIPELINES, POSTGRES, tidy } from "./sources.ts";

/** Marks on every panel with a time axis. The columns: time, timeend, text, tags. */
function stored(name: string, color: string, enabled: boolean, rawSql: string): AnnotationQueryBuilder {
  const target = { refId: "Anno", datasource: POSTGRES, editorMode: "code", format: "table", rawQuery: true };
  return new AnnotationQueryBuilder()
    .name(name)
    .datasource(POSTGRES)
    .enable(enabled)
    .iconColor(color)
    .target(queryOf({ ...target, rawSql: tidy(rawSql) }));
}

const queryOf = (target: object): Builder<Dataquery> => ({ build: () => target as Dataquery });

const failedRuns = stored(
  "Failed runs",
  COLOURS.act,
  true,
  `
    SELECT coalesce(r.finished_at, r.first_at) AS time,
           p.pipeline_name || ': run ' || r.run_id || ' failed' || coalesce(': ' || left(r.error, 200), '') AS text,
           'run' AS tags
      FROM run r
      JOIN pipeline p USING (pipeline_id)
     WHERE ${CHOSEN_PIPELINES} AND r.status = 'failed' AND $__timeFilter(r.first_at)
     ORDER BY 1 DESC
     LIMIT 500
  `,
);

const overrides = stored(
  "Overrides",
  COLOURS.attention,
  true,
  `
    SELECT o.created_at AS time, coalesce(o.ended_at, o.expires_at) AS timeend,
           p.pipeline_name || ': ' || o.decision || ' by ' || o.actor || ', because ' || left(o.reason, 200) AS text,
           'override' AS tags
      FROM gate_override o
      JOIN pipeline p USING (pipeline_id)
     WHERE ${CHOSEN_PIPELINES} AND $__timeFilter(o.created_at)
     ORDER BY 1 DESC
     LIMIT 500
  `,
);

const policies = stored(
  "Policy changes",
  COLOURS.light,
  false,
  `
    SELECT at AS time, pipeline_name || ': policy ' || policy_version AS text, 'policy' AS tags
      FROM (
             SELECT t.at, p.pipeline_name, t.policy_version,
                    lag(t.policy_version) OVER (PARTITION BY t.pipeline_id ORDER BY t.at, t.revision) AS before
               FROM gate_transition t
               JOIN pipeline p USING (pipeline_id)
              WHERE ${CHOSEN_PIPELINES} AND $__timeFilter(t.at)
           ) transitions
     WHERE policy_version <> before
     ORDER BY 1 DESC
     LIMIT 500
  `,
);

/** What a deployment tool posts to Grafana's own annotations with the tag `deploy`. */
const deploys = new AnnotationQueryBuilder()
  .name("Deploys")
  .datasource({ type: "grafana", uid: "-- Grafana --" })
  .enable(true)
  .iconColor(COLOURS.unknown)
  .target(queryOf({ refId: "Anno", type: "tags", tags: ["deploy"], matchAny: true, limit: 100 }));

export const ANNOTATIONS: readonly Builder<AnnotationQuery>[] = [failedRuns, overrides, policies, deploys];
