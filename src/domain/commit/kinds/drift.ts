import { driftPasses, type FeatureVerdict } from "../../drift/drift.ts";
import type { DriftReport } from "../../reports/report.ts";
import { placeOfEvidence } from "../../runs/attempts/attempt-of-evidence.ts";
import { summarize } from "../../runs/run.ts";
import type { RunEntry } from "../../runs/run-entry.ts";
import { join } from "../../words/key.ts";
import type { Committed } from "../committed.ts";
import { WEIGHTIER_VERDICT } from "../newest.ts";
import { keepLatest, type LooseFeature, type LooseTally, tallyLooseFeature, weightierLoose } from "../tally-loose.ts";
import { type SlaEvent, type SlaEvents, type SlaSums, tallySla } from "../tally-sla.ts";
import { type EvidenceKind, NOTHING } from "./kind.ts";
import { noteTry, type StoredPlace, storedPlace } from "./stored-place.ts";

export interface DriftTally {
  verdicts: { report: JudgedDrift; verdict: FeatureVerdict; entry: RunEntry | null }[];
  run_features: Map<string, RunFeature>;
}

export interface RunFeature extends StoredPlace {
  entry: RunEntry;
  verdict: FeatureVerdict;
  at: number;
}

/** The fields of a drift report that its verdicts need; a verdict on a window has no attempt. */
export type JudgedDrift = Pick<DriftReport, "pipeline_name" | "at" | "attempt" | "try">;

export const emptyDrift = (): DriftTally => ({ verdicts: [], run_features: new Map() });

export const DRIFT: EvidenceKind<DriftReport, DriftTally & LooseTally & SlaEvents & SlaSums> = {
  rank: 2,
  of_run: true,
  takes_run: "where runs have no ids",
  named: "feature",
  names: ({ features }) => features.map(({ feature_name }) => feature_name),
  also_stored: () => NOTHING,
  items: ({ features }) => features.map(({ feature_name }) => feature_name),
  tally: (tally, report, entry, { verdicts }) => tallyDrift(tally, report, verdicts.get(report)!, entry),
  newest: WEIGHTIER_VERDICT,
  touched_runs: ({ run_features }) => run_features.values(),
  loose: ({ loose_features }) => loose_features.values(),
  gauged: true,
};

/** What the feature gauges show after this commit, as far as no later run speaks. */
export function shownFeatures({ run_features, loose_features }: DriftTally & LooseTally): Committed["features"] {
  const ofRuns = [...run_features.values()].map(({ entry, verdict, at }) =>
    gauge({ pipeline_name: entry.run.pipeline_name, verdict, at }, summarize(entry.run).run_order),
  );
  // A loose verdict has no run: its own time is its place among the runs.
  return ofRuns.concat([...loose_features.values()].map((loose) => gauge(loose, loose.at)));
}

function gauge({ pipeline_name, verdict, at }: LooseFeature, run_order: number): Committed["features"][number] {
  return {
    pipeline_name,
    feature_name: verdict.feature_name,
    run_order,
    at,
    verdict: verdict.verdict,
    psi: verdict.psi,
    p_value: verdict.p_value,
    threshold: verdict.threshold,
    n_current: verdict.n_current,
  };
}

/** A verdict that says neither yes nor no (too few rows, no reference) is no SLA event. */
export function tallyDrift(
  tally: DriftTally & LooseTally & SlaEvents & SlaSums,
  report: JudgedDrift,
  verdicts: readonly FeatureVerdict[],
  entry: RunEntry | null,
): void {
  const { pipeline_name, at: when } = report;
  for (const verdict of verdicts) {
    tally.verdicts.push({ report, verdict, entry });
    const { feature_name, psi, threshold } = verdict;
    if (entry === null) tallyLooseFeature(tally, { pipeline_name, verdict, at: when });
    else keepFeature(tally, report, verdict, entry);
    const passed = driftPasses(verdict.verdict);
    if (passed === null) continue;
    const event: SlaEvent = {
      pipeline_name,
      kind: "drift",
      subject: feature_name,
      entry,
      at: when,
      passed,
      value: psi,
      threshold,
    };
    tally.sla_events.push(event);
    tallySla(tally, event);
  }
}

function keepFeature(
  { run_features }: DriftTally,
  report: JudgedDrift,
  verdict: FeatureVerdict,
  entry: RunEntry,
): void {
  const place = storedPlace(report, placeOfEvidence(entry.run.attempts, report));
  noteTry(entry, place);
  const { pipeline_name, run_id } = entry.run;
  const key = join(pipeline_name, run_id, verdict.feature_name, `${place.attempt} ${place.try}`);
  keepLatest(run_features, key, { entry, verdict, at: report.at, ...place }, weightierLoose);
}
