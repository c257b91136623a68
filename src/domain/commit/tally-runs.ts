import { addLatencyBuckets, DURATION_BUCKETS, emptyLatencyBuckets, latencyBucketsOf } from "../reports/buckets.ts";
import { lastWordOf, sameWord } from "../runs/last-word.ts";
import type { RunApplied, RunEntry } from "../runs/runs-of-commit.ts";
import { at, join } from "../words/key.ts";
import { RUN_SUBJECT, type Tally } from "./tally.ts";
import { tallySla } from "./tally-sla.ts";

export function tallyRun(tally: Tally, { entry, counted, durations }: RunApplied): void {
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

/** The SLA of runs counts the last word of each run: where it is another one now, the event of the one before goes. */
export function tallyLastWords(tally: Tally, entries: Iterable<RunEntry>): void {
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
