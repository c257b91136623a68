import type { Report, ReportKind, ReportOf, RunReport } from "../reports/report.ts";
import { DRIFT } from "./kinds/drift.ts";
import { FRESHNESS } from "./kinds/freshness.ts";
import type { AnyKind, EvidenceKind, RunKind } from "./kinds/kind.ts";
import { LATENCY } from "./kinds/latency.ts";
import { QUALITY } from "./kinds/quality.ts";
import { RECORDS } from "./kinds/records.ts";
import { RUN } from "./kinds/run.ts";
import { SCHEMA } from "./kinds/schema.ts";
import type { Tally } from "./tally.ts";

type Kinds = { [K in ReportKind]: K extends "run" ? RunKind<Tally> : EvidenceKind<ReportOf<K>, Tally> };

/**
 * What a commit does with each kind of report: the only place that tells kinds apart; adapters/postgres/tables/kinds.ts is the
 * store's half.
 */
export const KINDS: Kinds = {
  run: RUN,
  records: RECORDS,
  quality: QUALITY,
  latency: LATENCY,
  freshness: FRESHNESS,
  drift: DRIFT,
  schema: SCHEMA,
};

const { run: _, ...evidence } = KINDS;
export const EVIDENCE_KINDS = Object.values(evidence);

export type EvidenceReport = Exclude<Report, RunReport>;

/** The record of the kind of this report, typed for it. */
export function kindOf(report: EvidenceReport): EvidenceKind<EvidenceReport, Tally>;
export function kindOf(report: Report): AnyKind<Report>;
export function kindOf(report: Report): unknown {
  return KINDS[report.kind];
}
