import { GATE_CODE, worst } from "../lib/expressions.ts";
import { stat, timeline } from "../lib/panels.ts";
import { CHOSEN_PIPELINES, now, POSTGRES, range, sql } from "../lib/sources.ts";
import { codeMappings, GATE, wordMappings } from "../lib/states.ts";
import { table } from "../lib/tables.ts";

export const gateNow = stat({
  title: "Gate",
  description:
    "May the next step go on? Pass and warn allow it; what unknown does is up to the policy. At most 12, the worst.",
  targets: [now(worst(GATE_CODE), "{{pipeline_name}}")],
  unit: "none",
}).mappings(codeMappings(GATE));

export const gateHistory = timeline({
  title: "Gate over time",
  description: "The decision at each moment, as it was exported.",
  targets: [range(GATE_CODE, "{{pipeline_name}}")],
  mappings: codeMappings(GATE),
});

export const gateTransitions = table({
  title: "Gate history",
  description: "Each change of a decision with its reasons, and who overrode it, why and until when. Newest first.",
  source: POSTGRES,
  targets: [
    sql(`
      SELECT t.at, p.pipeline_name, t.from_decision, t.decision, t.allowed, t.run_id, t.cause,
             (SELECT string_agg(reason->>'detail', '; ') FROM jsonb_array_elements(t.reasons) reason) AS reasons,
             t.override->>'actor' AS override_actor, t.override->>'reason' AS override_reason,
             to_timestamp((t.override->>'expires_at')::float8 / 1000) AS override_until, t.policy_version
        FROM gate_transition t
        JOIN pipeline p USING (pipeline_id)
       WHERE ${CHOSEN_PIPELINES} AND $__timeFilter(t.at)
       ORDER BY t.at DESC, t.revision DESC
       LIMIT 500
    `),
  ],
  empty: "The gate did not change in this time range",
  columns: [
    { field: "at", name: "At", unit: "dateTimeAsIso", width: 170 },
    { field: "pipeline_name", name: "Pipeline", width: 180 },
    { field: "from_decision", name: "From", states: wordMappings(GATE), width: 90 },
    { field: "decision", name: "To", states: wordMappings(GATE), width: 90 },
    { field: "reasons", name: "Reasons" },
    { field: "run_id", name: "Run", width: 150 },
    { field: "cause", name: "Cause", width: 100 },
    { field: "override_actor", name: "Overridden by", width: 120 },
    { field: "override_reason", name: "Because", width: 180 },
    { field: "override_until", name: "Until", unit: "dateTimeAsIso", width: 170 },
    { field: "policy_version", name: "Policy", width: 110 },
  ],
  sort_by: { name: "At", desc: true },
});
