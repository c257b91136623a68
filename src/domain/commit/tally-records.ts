import type { RecordsReport } from "../reports/report.ts";
import { countsByDay, placeOfRecords } from "../runs/attempts/place-of-evidence.ts";
import type { RunEntry } from "../runs/runs-of-commit.ts";
import { at, join } from "../words/key.ts";
import { noteTry, type RunRecords, storedPlace, type Tally } from "./tally.ts";

/** Counts of one (attempt, try) add up. */
export function tallyRecords(tally: Tally, report: RecordsReport, entry: RunEntry): void {
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

/** Adds to the sum of what says the same and stands in the same attempt. */
export function addRunRecords(sums: Map<string, RunRecords>, more: RunRecords): void {
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
