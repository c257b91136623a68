import type { FeatureVerdict } from "../drift/drift.ts";
import type { QualityCheck } from "../reports/report.ts";
import { join } from "../words/key.ts";
import { isNewer, weightierVerdict, worseResult } from "./newest.ts";

/** Evidence of a commit without a run (domain/gate/evidence/attach.ts): of each check and feature at one time the worst. */
export interface LooseTally {
  loose_checks: Map<string, LooseCheck>;
  loose_features: Map<string, LooseFeature>;
}

export interface LooseCheck {
  pipeline_name: string;
  check: QualityCheck;
  at: number;
}

export interface LooseFeature {
  pipeline_name: string;
  verdict: FeatureVerdict;
  at: number;
}

export function emptyLooseTally(): LooseTally {
  return { loose_checks: new Map(), loose_features: new Map() };
}

export function tallyLooseCheck({ loose_checks }: LooseTally, loose: LooseCheck): void {
  keepLatest(loose_checks, join(loose.pipeline_name, loose.check.check_name, String(loose.at)), loose, worseLoose);
}

export function tallyLooseFeature({ loose_features }: LooseTally, loose: LooseFeature): void {
  const key = join(loose.pipeline_name, loose.verdict.feature_name, String(loose.at));
  keepLatest(loose_features, key, loose, weightierLoose);
}

export function keepLatest<T extends { at: number }>(
  latest: Map<string, T>,
  key: string,
  candidate: T,
  precedesOnTie: (a: T, b: T) => boolean,
): void {
  const known = latest.get(key);
  if (known === undefined || isNewer(candidate, known, precedesOnTie)) latest.set(key, candidate);
}

export function worseLoose(a: Pick<LooseCheck, "check">, b: Pick<LooseCheck, "check">): boolean {
  return worseResult(a.check, b.check);
}

export function weightierLoose(a: Pick<LooseFeature, "verdict">, b: Pick<LooseFeature, "verdict">): boolean {
  return weightierVerdict(a.verdict, b.verdict);
}
