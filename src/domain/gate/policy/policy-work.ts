import { globListOf } from "../../words/glob-list.ts";
import { alike } from "../checks/parts/stage-names.ts";
import type { Evidence } from "../evidence/evidence.ts";
import type { GatePolicy } from "./policy.ts";

/** The greatest work of matching all patterns of a policy against the names of one run, in steps of about 50 ns. */
export function policyWork({ quality, records, drift, freshness, requires }: GatePolicy, evidence: Evidence): number {
  const { checks, stages, features, referenced_features } = evidence;
  const names = features.length + referenced_features.length;
  return (
    globListOf(quality.checks, (rule) => rule.check_name).cost * checks.length +
    globListOf(records.minimum, (rule) => rule.stage).cost * stages.length +
    globListOf(records.nonzero ?? [], (pattern) => pattern).cost * stages.length +
    globListOf(records.may_be_zero, alike).cost * 2 * stages.length +
    globListOf(drift.features, (rule) => rule.feature_name).cost * names +
    globListOf(freshness.datasets, (pattern) => pattern).cost * evidence.freshness.length +
    globListOf(requires.checks, (pattern) => pattern).cost * checks.length +
    globListOf(requires.stages, (pattern) => pattern).cost * stages.length +
    globListOf(requires.features ?? [], (pattern) => pattern).cost * features.length
  );
}
