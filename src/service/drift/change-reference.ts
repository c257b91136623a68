import { nothingCommitted } from "../../domain/commit/committed.ts";
import { tallyDrift } from "../../domain/commit/kinds/drift.ts";
import { emptyTally } from "../../domain/commit/tally.ts";
import { type FeatureVerdict, judgeHistograms, type Reference } from "../../domain/drift/drift.ts";
import { alignHistograms } from "../../domain/drift/histograms/align-histograms.ts";
import { referenceKey } from "../../domain/drift/reference-key.ts";
import { promoted } from "../../domain/drift/rule.ts";
import { SluiceError } from "../../errors.ts";
import type { Distribution } from "../../histogram/distribution.ts";
import type { FeatureRef, NewReference, ReferenceTx, StoreTx } from "../../ports.ts";
import type { CommitDeps } from "../commit/commit-deps.ts";
import { type ChangeDeps, changeUnderLocks, type LockedChange } from "../under-locks/change-under-locks.ts";
import { referenceVersion } from "./reference-version.ts";

export interface ReferenceDeps extends Pick<CommitDeps, "driftSettings">, ChangeDeps {}

export interface Feature {
  pipeline_name: string;
  feature_name: string;
}

/** What activating a reference brought about: the latest stored histogram is judged again, if there is one that fits. */
export interface Activated {
  reference: Reference;
  verdict: FeatureVerdict | null;
}

/** Stores the histogram as a version and makes it the active reference. The same content is the same version. */
export function putReference(
  deps: ReferenceDeps,
  feature: Feature,
  histogram: Distribution,
  note: string | null,
): Promise<Activated> {
  return change(deps, feature, async (tx, ref, now) => {
    const saved = await save(tx, { ...ref, histogram, source: "put", run_id: null, note }, now);
    return activate(tx, deps, ref, saved, now);
  });
}

/** Makes the histogram of a run, or the latest one, the active reference. */
export function promoteHistogram(
  deps: ReferenceDeps,
  feature: Feature,
  run_id: string | null,
  note: string | null,
): Promise<Activated> {
  return change(deps, feature, async (tx, ref, now) => {
    const stored = await tx.latestHistogram(ref, run_id);
    if (stored === null) {
      const which = run_id === null ? "no run" : `run ${JSON.stringify(run_id)}`;
      throw new SluiceError(
        "not_found",
        `run_id: ${which} of ${JSON.stringify(feature.pipeline_name)} reported ${JSON.stringify(feature.feature_name)}`,
      );
    }
    const active = (await tx.activeReferences([ref])).get(referenceKey(feature.pipeline_name, feature.feature_name));
    const histogram = promoted(stored.histogram, active?.histogram ?? null);
    const saved = await save(tx, { ...ref, histogram, source: "promoted", run_id: stored.run_id, note }, now);
    return activate(tx, deps, ref, saved, now);
  });
}

/** Goes back (or forward) to a version that is stored. */
export function activateVersion(deps: ReferenceDeps, feature: Feature, version: string): Promise<Activated> {
  return change(deps, feature, async (tx, ref, now) => {
    const reference = await tx.findReference(ref, version);
    if (reference === null) {
      throw new SluiceError(
        "not_found",
        `version: ${JSON.stringify(version)} is no version of the reference of ${JSON.stringify(feature.feature_name)}`,
      );
    }
    return activate(tx, deps, ref, reference, now);
  });
}

/** The feature has no active reference any more. */
export async function removeReference(deps: ReferenceDeps, feature: Feature): Promise<void> {
  await change(deps, feature, async (tx, ref) => {
    if (!(await tx.activeReferences([ref])).has(referenceKey(feature.pipeline_name, feature.feature_name))) {
      throw new SluiceError("not_found", `feature_name: ${JSON.stringify(feature.feature_name)} has no reference`);
    }
    await tx.deactivateReference(ref);
    await tx.dropOpenWindows(ref);
    return { result: undefined, committed: nothingCommitted() };
  });
}

type Changed<T> = Omit<LockedChange<T>, "cause">;

/** Under the pipeline's lock, so that no report is judged by half a change. */
function change<T>(
  deps: ReferenceDeps,
  { pipeline_name, feature_name }: Feature,
  work: (tx: StoreTx, ref: FeatureRef, now: number) => Promise<Changed<T>>,
): Promise<T> {
  const scope = { pipeline_names: [pipeline_name], names: [feature_name] };
  return changeUnderLocks(deps, scope, async (tx, pipelines, now) => {
    const pipeline = pipelines.get(pipeline_name)!;
    const changed = await work(tx, { pipeline, feature_name }, now);
    // A reference that came before any report is no evidence.
    return { ...changed, cause: pipeline.born_at === null ? null : "evidence" };
  });
}

async function save(tx: ReferenceTx, reference: Omit<NewReference, "version">, now: number): Promise<Reference> {
  const version = referenceVersion(reference.histogram);
  const saved = await tx.saveReferences([{ ...reference, version }], now);
  return saved.get(referenceKey(reference.pipeline.pipeline_name, reference.feature_name, version))!;
}

async function activate(
  tx: StoreTx,
  deps: ReferenceDeps,
  ref: FeatureRef,
  reference: Reference,
  now: number,
): Promise<Changed<Activated>> {
  await tx.activateReference(ref, reference.reference_id, now);
  const stored = await tx.latestHistogram(ref, null);
  if (stored === null || !alignHistograms(reference.histogram, stored.histogram).ok) {
    return { result: { reference, verdict: null }, committed: nothingCommitted() };
  }
  const { pipeline, feature_name } = ref;
  const { pipeline_name } = pipeline;
  const settings = deps.driftSettings(pipeline_name, feature_name);
  const [verdict] = judgeHistograms([{ feature: { feature_name }, reference, settings, current: stored.histogram }]);
  const { run_id, attempt, try: tried } = stored;
  const [entry = null] = run_id === null ? [] : await tx.loadRuns([{ pipeline_name, run_id }], []);
  const tally = emptyTally(new Map([[pipeline_name, pipeline]]));
  // The verdict stands as if the run had been reported now.
  tallyDrift(tally, { pipeline_name, at: now, attempt, try: tried }, [verdict!], entry);
  return { result: { reference, verdict: verdict! }, committed: await tx.saveTally(tally, now) };
}
