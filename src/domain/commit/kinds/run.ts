import {
  addLatencyBuckets,
  DURATION_BUCKETS,
  emptyLatencyBuckets,
  type LatencyBuckets,
  latencyBucketsOf,
} from "../../reports/buckets.ts";
import type { EndStatus } from "../../reports/report.ts";
import { lastWordOf, sameWord } from "../../runs/last-word.ts";
import type { RunEntry } from "../../runs/run-entry.ts";
import type { RunApplied } from "../../runs/runs-of-commit.ts";
import { at, join } from "../../words/key.ts";
import { type SlaEvents, type SlaSums, tallySla } from "../tally-sla.ts";
import { NOTHING, type RunKind } from "./kind.ts";

/** The subject of SLA events of kind `run`: the run as a whole. */
const RUN_SUBJECT = "run";

export interface RunTally {
  run_totals: Map<string, { pipeline_name: string; status: EndStatus; count: number }>;
  durations: Map<string, LatencyBuckets>;
  /** Runs whose event in the SLA of runs changed or went away: the stored event is taken back. */
  sla_taken_back: RunEntry[];
}

export const emptyRun = (): RunTally => ({ run_totals: new Map(), durations: new Map(), sla_taken_back: [] });

export const RUN: RunKind<RunTally> = {
  rank: 0,
  of_run: true,
  named: null,
  names: () => NOTHING,
  also_stored: () => [RUN_SUBJECT],
  items: ({ status }) => [status === "retrying" ? "failed" : status],
  tally: tallyRun,
};

function tallyRun(tally: RunTally, { entry, counted, durations }: RunApplied): void {
  const { pipeline_name } = entry.run;
  for (const status of counted) {
    const key = join(pipeline_name, status);
    const total = at(tally.run_totals, key, () => ({ pipeline_name, status, count: 0 }));
    total.count++;
  }
  if (durations.length > 0) {
    const histogram = at(tally.durations, pipeline_name, () => emptyLatencyBuckets(DURATION_BUCKETS));
    addLatencyBuckets(histogram, latencyBucketsOf(DURATION_BUCKETS, durations));
  }
}

/** The SLA of runs counts the last word of each run, so a new last word removes the event of the one before. */
export function tallyLastWords(tally: RunTally & SlaEvents & SlaSums, entries: Iterable<RunEntry>): void {
  for (const entry of entries) {
    const word = lastWordOf(entry.run);
    if (sameWord(word, entry.word)) continue;
    if (entry.key !== null) tally.sla_taken_back.push(entry);
    if (word === null) continue;
    const { pipeline_name } = entry.run;
    const event = {
      pipeline_name,
      kind: "run",
      subject: RUN_SUBJECT,
      entry,
      ...word,
      value: null,
      threshold: null,
    } as const;
    tally.sla_events.push(event);
    tallySla(tally, event);
  }
}
