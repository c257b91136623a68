import { type DriftTally, emptyDrift } from "./kinds/drift.ts";
import { emptyFreshness, type FreshnessTally } from "./kinds/freshness.ts";
import { emptyLatency, type LatencyTally } from "./kinds/latency.ts";
import { emptyQuality, type QualityTally } from "./kinds/quality.ts";
import { emptyRecords, type RecordsTally } from "./kinds/records.ts";
import { emptyRun, type RunTally } from "./kinds/run.ts";
import { emptySchema, type SchemaTally } from "./kinds/schema.ts";
import { emptyLooseTally, type LooseTally } from "./tally-loose.ts";
import { emptySlaSums, type SlaEvents, type SlaFolds, type SlaSums } from "./tally-sla.ts";

/** Sums the reports of one commit, so that each row of the store is written once. Each kind owns a part of it. */
export interface Tally
  extends RunTally,
    RecordsTally,
    QualityTally,
    LatencyTally,
    FreshnessTally,
    DriftTally,
    SchemaTally,
    LooseTally,
    SlaSums,
    SlaEvents {}

/** `folds`: the pipelines that it is about. */
export function emptyTally(folds: SlaFolds): Tally {
  return {
    ...emptyRun(),
    ...emptyRecords(),
    ...emptyQuality(),
    ...emptyLatency(),
    ...emptyFreshness(),
    ...emptyDrift(),
    ...emptySchema(),
    ...emptyLooseTally(),
    ...emptySlaSums(folds),
    sla_events: [],
  };
}
