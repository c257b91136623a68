import type { QualityCheck, QualityReport } from "../../reports/report.ts";
import { placeOfEvidence } from "../../runs/attempts/attempt-of-evidence.ts";
import type { RunEntry } from "../../runs/run-entry.ts";
import { join } from "../../words/key.ts";
import { atLeast } from "../../words/tolerance.ts";
import { WORSE_RESULT } from "../newest.ts";
import { keepLatest, type LooseTally, tallyLooseCheck, worseLoose } from "../tally-loose.ts";
import { type SlaSums, tallySla } from "../tally-sla.ts";
import { type EvidenceKind, NOTHING } from "./kind.ts";
import { noteTry, type StoredPlace, storedPlace } from "./stored-place.ts";

export interface QualityTally {
  /** `entry` null: reported without a run_id, and no run-less run was open (loose). */
  checks: { report: QualityReport; check: QualityCheck; entry: RunEntry | null }[];
  run_checks: Map<string, RunCheck>;
}

export interface RunCheck extends StoredPlace {
  entry: RunEntry;
  check: QualityCheck;
  at: number;
}

export const emptyQuality = (): QualityTally => ({ checks: [], run_checks: new Map() });

export const QUALITY: EvidenceKind<QualityReport, QualityTally & LooseTally & SlaSums> = {
  rank: 2,
  of_run: true,
  takes_run: "where runs have no ids",
  named: "check",
  names: ({ checks }) => checks.map(({ check_name }) => check_name),
  also_stored: () => NOTHING,
  items: ({ checks }) => checks.map(({ check_name }) => check_name),
  tally: tallyQuality,
  newest: WORSE_RESULT,
  touched_runs: ({ run_checks }) => run_checks.values(),
  loose: ({ loose_checks }) => loose_checks.values(),
  gauged: true,
};

function tallyQuality(tally: QualityTally & LooseTally & SlaSums, report: QualityReport, entry: RunEntry | null): void {
  const { pipeline_name } = report;
  for (const check of report.checks) {
    tally.checks.push({ report, check, entry });
    if (entry === null) tallyLooseCheck(tally, { pipeline_name, check, at: report.at });
    else keepCheck(tally, report, check, entry);
    const passed = passes(check);
    if (passed !== null) {
      tallySla(tally, { pipeline_name, kind: "quality", subject: check.check_name, at: report.at, passed, entry });
    }
  }
}

function keepCheck({ run_checks }: QualityTally, report: QualityReport, check: QualityCheck, entry: RunEntry): void {
  const place = storedPlace(report, placeOfEvidence(entry.run.attempts, report));
  noteTry(entry, place);
  const candidate = { entry, check, at: report.at, ...place };
  const { pipeline_name, run_id } = entry.run;
  const key = join(pipeline_name, run_id, check.check_name, `${place.attempt} ${place.try}`);
  keepLatest(run_checks, key, candidate, worseLoose);
}

export function passes(check: QualityCheck): boolean | null {
  return check.score === null ? null : atLeast(check.score, check.threshold);
}
