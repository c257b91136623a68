import Type from "typebox";
import type { Section } from "../../format/section.ts";

/** Families that metrics.off may name: no shipped alert reads them, so that none falls silent. docs/metrics.md has all families. */
export const SWITCHABLE_FAMILIES = [
  "records_failed_total",
  "feature_drift_threshold",
  "feature_drift_p_value",
  "feature_rows",
  "data_through_timestamp_seconds",
  "pipeline_last_run_duration_seconds",
  "sla_rate_ratio",
  "process_cpu_user_seconds_total",
  "process_cpu_system_seconds_total",
  "nodejs_external_memory_bytes",
] as const;

export type SwitchableFamily = (typeof SWITCHABLE_FAMILIES)[number];

/** Nothing that is shipped uses these: from 0.3 on they are what metrics.off is by default. */
export const DEPRECATED_FAMILIES: readonly SwitchableFamily[] = [
  "process_cpu_user_seconds_total",
  "process_cpu_system_seconds_total",
  "nodejs_external_memory_bytes",
];

const Family = Type.Enum([...SWITCHABLE_FAMILIES], {
  type: "string",
  description: `a family that no shipped alert reads: one of ${SWITCHABLE_FAMILIES.join(", ")}`,
});

export const familiesOff: Section<SwitchableFamily[]> = {
  schema: {
    ...Type.Array(Family, { uniqueItems: true }),
    type: ["array", "null"],
    title: "Families that are not shown",
    description: "a list of families, each once",
    default: [],
  },
  variables: [],
  read: ({ file }, path) => (file?.items<SwitchableFamily>(path) ?? []).map(({ item }) => item),
  write: (value) => value,
};
