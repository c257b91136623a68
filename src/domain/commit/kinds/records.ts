import { stageItem } from "../../reports/rejection.ts";
import type { RecordsReport } from "../../reports/report.ts";
import { countsByDay, placeOfRecords } from "../../runs/attempts/place-of-evidence.ts";
import type { RunEntry } from "../../runs/run-entry.ts";
import { at, join } from "../../words/key.ts";
import { type EvidenceKind, NOTHING } from "./kind.ts";
import { noteTry, type StoredPlace, storedPlace } from "./stored-place.ts";

export interface RecordsTally {
  records: { report: RecordsReport; entry: RunEntry }[];
  run_records: Map<string, RunRecords>;
  records_totals: Map<string, { pipeline_name: string; stage: string; processed: bigint; failed: bigint }>;
}

export interface RunRecords extends StoredPlace {
  entry: RunEntry;
  stage: string;
  part: string;
  count: bigint;
  failed: bigint | null;
  /** The least of the part; the greatest that was said. */
  expected_min: number | null;
  /** The least of the whole stage; the greatest that was said. */
  stage_expected_min: number | null;
  /** The earliest and the latest `at` of its reports. */
  first_at: number;
  last_at: number;
}

export const emptyRecords = (): RecordsTally => ({ records: [], run_records: new Map(), records_totals: new Map() });

export const RECORDS: EvidenceKind<RecordsReport, RecordsTally> = {
  rank: 1,
  of_run: true,
  takes_run: "always",
  named: "stage",
  names: ({ stage }) => [stage],
  also_stored: ({ part }) => [part],
  items: ({ stage, part }) => [stageItem(stage, part)],
  // Counts make a run where there is none.
  tally: (tally, report, entry) => tallyRecords(tally, report, entry!),
  newest: null,
  touched_runs: ({ run_records }) => run_records.values(),
  loose: () => NOTHING,
  gauged: false,
};

/** Counts of one (attempt, try) add up. */
function tallyRecords(tally: RecordsTally, report: RecordsReport, entry: RunEntry): void {
  const { pipeline_name, stage, part, expected_min, expected_min_of } = report;
  tally.records.push({ report, entry });
  const total = at(tally.records_totals, join(pipeline_name, stage), () => ({
    pipeline_name,
    stage,
    processed: 0n,
    failed: 0n,
  }));
  total.processed += BigInt(report.count);
  total.failed += BigInt(report.failed ?? 0);
  const place = storedPlace(report, placeOfRecords(entry.run, report));
  if (countsByDay(entry.run) && place.attempt_no > (entry.run.records_day ?? 0)) {
    entry.run.records_day = place.attempt_no;
    entry.dirty = true;
  }
  noteTry(entry, place);
  addRunRecords(tally.run_records, {
    entry,
    stage,
    part,
    ...place,
    count: BigInt(report.count),
    failed: report.failed === null ? null : BigInt(report.failed),
    expected_min: expected_min_of === "part" ? expected_min : null,
    stage_expected_min: expected_min_of === "stage" ? expected_min : null,
    first_at: report.at,
    last_at: report.at,
  });
}

/** Adds to the sum of the same stage, part, attempt and try. */
function addRunRecords(sums: Map<string, RunRecords>, more: RunRecords): void {
  const { entry, stage, part, attempt, attempt_no } = more;
  const { pipeline_name, run_id } = entry.run;
  const key = join(pipeline_name, run_id, stage, part, `${attempt} ${more.try} ${attempt_no}`);
  const known = sums.get(key);
  if (known === undefined) {
    sums.set(key, more);
    return;
  }
  known.count += more.count;
  if (more.failed !== null) known.failed = (known.failed ?? 0n) + more.failed;
  known.expected_min = greatest(known.expected_min, more.expected_min);
  known.stage_expected_min = greatest(known.stage_expected_min, more.stage_expected_min);
  known.first_at = Math.min(known.first_at, more.first_at);
  known.last_at = Math.max(known.last_at, more.last_at);
}

function greatest(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.max(a, b);
}
