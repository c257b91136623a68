import type { ReportKind } from "../../../domain/reports/report.ts";
import { DRIFT_TABLE } from "./drift.ts";
import { FRESHNESS_TABLE } from "./freshness.ts";
import type { KindTable } from "./kind-table.ts";
import { LATENCY_TABLE } from "./latency.ts";
import { QUALITY_TABLE } from "./quality.ts";
import { RECORDS_TABLE } from "./records.ts";
import { RUN_TABLE } from "./run-totals.ts";
import { SCHEMA_TABLE } from "./schema.ts";

/** Where the reports of each kind are kept; what is done with them before is domain/commit/kinds.ts. */
export const TABLES: { [K in ReportKind]: KindTable<K> } = {
  records: RECORDS_TABLE,
  quality: QUALITY_TABLE,
  drift: DRIFT_TABLE,
  schema: SCHEMA_TABLE,
  latency: LATENCY_TABLE,
  freshness: FRESHNESS_TABLE,
  run: RUN_TABLE,
};
