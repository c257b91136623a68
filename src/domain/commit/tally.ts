import { type DriftTally, emptyDrift } from "./kinds/drift.ts";
import { emptyFreshness, type FreshnessTally } from "./kinds/freshness.ts";
import { emptyLatency, type LatencyTally } from "./kinds/latency.ts";
import { emptyQuality, type QualityTally } from "./kinds/quality.ts";
import { emptyRecords, type RecordsTally } from "./kinds/records.ts";
import { emptyRun, type RunTally } from "./kinds/run.ts";
import { emptyLooseTally, type LooseTally } from "./tally-loose.ts";
import type { SlaEvents, SlaSums } from "./tally-sla.ts";

/** What the reports of one commit add up to, so that each row of the store is touched once. Each kind says what of it is its own. */
export interface Tally
  extends RunTally,
    RecordsTally,
    QualityTally,
    LatencyTally,
    FreshnessTally,
    DriftTally,
    LooseTally,
    SlaSums,
    SlaEvents {}

export function emptyTally(): Tally {
  return {
    ...emptyRun(),
    ...emptyRecords(),
    ...emptyQuality(),
    ...emptyLatency(),
    ...emptyFreshness(),
    ...emptyDrift(),
    ...emptyLooseTally(),
    sla_hours: new Map(),
    sla_days: new Map(),
    sla_events: [],
  };
}
