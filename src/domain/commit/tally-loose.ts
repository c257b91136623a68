import { type FeatureVerdict, outweighs } from "../drift/drift.ts";
import { worseCheck } from "../gate/evidence/worse-check.ts";
import type { QualityCheck } from "../reports/report.ts";
import { join } from "../words/key.ts";

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
  keepLatest(loose_checks, join(loose.pipeline_name, loose.check.check_name, String(loose.at)), loose, worseResult);
}

export function tallyLooseFeature({ loose_features }: LooseTally, loose: LooseFeature): void {
  const key = join(loose.pipeline_name, loose.verdict.feature_name, String(loose.at));
  keepLatest(loose_features, key, loose, weightierVerdict);
}

/** The latest `at` decides; on a tie the worse one. */
export function keepLatest<T extends { at: number }>(
  latest: Map<string, T>,
  key: string,
  candidate: T,
  isWorse: (a: T, b: T) => boolean,
): void {
  const known = latest.get(key);
  const decides =
    known === undefined || (candidate.at === known.at ? isWorse(candidate, known) : candidate.at > known.at);
  if (decides) latest.set(key, candidate);
}

export function worseResult(a: Pick<LooseCheck, "check">, b: Pick<LooseCheck, "check">): boolean {
  return worseCheck(a.check, b.check);
}

export function weightierVerdict(a: Pick<LooseFeature, "verdict">, b: Pick<LooseFeature, "verdict">): boolean {
  return outweighs(a.verdict, b.verdict);
}
