import {
  type FeatureVerdict,
  type FeatureWithHistogram,
  type FeatureWithReference,
  judgingHistograms,
  type Reference,
  readingFeatures,
} from "../../domain/drift/drift.ts";
import { referenceHistogram } from "../../domain/drift/histograms/reference-histogram.ts";
import { referenceKey } from "../../domain/drift/reference-key.ts";
import type { DriftFeature, DriftReport, Report } from "../../domain/reports/report.ts";
import type { FeatureRef, NewReference, PipelineRow, StoreTx } from "../../ports.ts";
import type { Accepted } from "../commit/admit-reports.ts";
import type { CommitDeps } from "../commit/commit-deps.ts";
import { inSlices } from "./in-slices.ts";
import { referenceVersion } from "./reference-version.ts";

export interface DriftJudgement {
  /** Verdicts on the features that are judged report by report, and on those that do not fit their references. */
  verdicts: Map<Report, FeatureVerdict[]>;
  /** The features that are summed in windows first. */
  windowed: Map<Report, FeatureWithHistogram[]>;
}

/** Reads the drift reports of a commit against the active references, and judges the features without a window. */
export async function judgeDrift(
  tx: StoreTx,
  deps: CommitDeps,
  accepted: readonly Accepted[],
  pipelines: ReadonlyMap<string, PipelineRow>,
  now: number,
): Promise<DriftJudgement> {
  const judgement: DriftJudgement = { verdicts: new Map(), windowed: new Map() };
  const drift = accepted.filter(({ submission }) => submission.report.kind === "drift");
  if (drift.length === 0) return judgement;

  const references = await referencesFor(
    tx,
    drift.map(({ submission }) => submission.report as DriftReport),
    pipelines,
    now,
  );
  for (const { submission } of drift) {
    const report = submission.report as DriftReport;
    const named = report.features.map((feature) => withReference(deps, report, feature, references));
    const { features, errored } = await inSlices(readingFeatures(named));
    const judged = await inSlices(judgingHistograms(features.filter((feature) => !isWindowed(feature))));
    judgement.verdicts.set(report, judged.concat(errored));
    judgement.windowed.set(report, features.filter(isWindowed));
  }
  return judgement;
}

/** Without a reference there are no bins to sum on. */
function isWindowed({ reference, settings }: FeatureWithReference): boolean {
  return reference !== null && settings.window !== undefined;
}

/** The active references, and where there is none the ones that came with the reports. */
async function referencesFor(
  tx: StoreTx,
  reports: readonly DriftReport[],
  pipelines: ReadonlyMap<string, PipelineRow>,
  now: number,
): Promise<Map<string, Reference>> {
  const refs = new Map<string, FeatureRef>();
  for (const { pipeline_name, features } of reports) {
    for (const { feature_name } of features) {
      refs.set(referenceKey(pipeline_name, feature_name), { pipeline: pipelines.get(pipeline_name)!, feature_name });
    }
  }
  const active = await tx.activeReferences([...refs.values()]);
  const inline = new Map<string, NewReference>();
  for (const { pipeline_name, features } of reports) {
    for (const feature of features) {
      const key = referenceKey(pipeline_name, feature.feature_name);
      if (active.has(key) || feature.reference === null) continue;
      inline.set(inlineKey(key, feature), newInline(refs.get(key)!, feature));
    }
  }
  if (inline.size === 0) return active;
  const saved = await tx.saveReferences([...inline.values()], now);
  for (const [key, { version, pipeline, feature_name }] of inline) {
    active.set(key, saved.get(referenceKey(pipeline.pipeline_name, feature_name, version))!);
  }
  return active;
}

/** Keyed by content too: two reports of one commit may bring different references of one feature. */
function inlineKey(key: string, feature: DriftFeature): string {
  return `${key} ${referenceVersion(inlineHistogram(feature))}`;
}

function inlineHistogram(feature: DriftFeature) {
  const histogram = referenceHistogram(feature.reference!);
  if (!histogram.ok) throw new Error("an inline reference was not validated when it was read");
  return histogram.value;
}

function newInline(ref: FeatureRef, feature: DriftFeature): NewReference {
  const histogram = inlineHistogram(feature);
  return { ...ref, version: referenceVersion(histogram), histogram, source: "inline", run_id: null, note: null };
}

function withReference(
  deps: CommitDeps,
  { pipeline_name }: DriftReport,
  feature: DriftFeature,
  references: ReadonlyMap<string, Reference>,
): FeatureWithReference {
  const key = referenceKey(pipeline_name, feature.feature_name);
  const inline = feature.reference === null ? undefined : references.get(inlineKey(key, feature));
  const reference = references.get(key) ?? inline ?? null;
  return { feature, reference, settings: deps.driftSettings(pipeline_name, feature.feature_name) };
}
