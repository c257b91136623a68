import { POLICY_KEYS as KEYS } from "../../../contract/gate-policy.ts";
import { DEFAULT_POLICY, type GatePolicy } from "../../../domain/gate/policy/policy.ts";
import { latencyRule } from "../../../domain/gate/policy/written-policy.ts";
import { group, type Section, value } from "../../format/section.ts";
import { choiceOf, effect, limit, list, namesOrNull, shareOrNull } from "./gate-fields.ts";

type Members<T> = { [K in keyof T]-?: Section<T[K]> };

const { quality, records, drift, freshness, requires } = DEFAULT_POLICY;

/** The policy for every pipeline, over what holds without a file. */
export const gateDefaults: Members<GatePolicy> = {
  run: value(
    effect("The run has to end well; off: runs need not be reported, the latest evidence counts", DEFAULT_POLICY.run),
  ),
  max_duration: value(limit(KEYS.max_duration, "A run that goes on for longer is found overrunning")),
  attach_window: value(
    limit(
      KEYS.attach_window,
      "Evidence without a run_id counts for the run that ended no longer than this before",
      DEFAULT_POLICY.attach_window,
    ),
  ),
  quality: group<GatePolicy["quality"]>("Quality checks", {
    failed: value(effect("A check of severity error below its threshold", quality.failed)),
    warned: value(effect("A check of severity warn below its threshold", quality.warned)),
    errored: value(effect("A check that could not be computed: block makes the decision unknown", quality.errored)),
    minimum: value(shareOrNull("The least mean score of the checks of severity error", quality.minimum)),
    overall: value(effect("A mean score below the minimum", quality.overall)),
    checks: value(list(KEYS.quality.checks, "What holds for single checks", quality.checks)),
  }),
  records: group<GatePolicy["records"]>("Record counts", {
    below_minimum: value(effect("A stage below its expected_min or its minimum here", records.below_minimum)),
    minimum: value(
      list(KEYS.records.minimum, "The least count of stages; what was not reported is waited for", records.minimum),
    ),
    nonzero: value(
      namesOrNull(
        KEYS.records.nonzero,
        "Stages that may not be 0; null: load and loaded, what held records in an earlier good run, and all at once",
      ),
    ),
    may_be_zero: value(
      list(KEYS.records.may_be_zero, "Stages that collect what went wrong: they may be 0", records.may_be_zero),
    ),
    zero: value(effect("A stage that is 0 and may not be", records.zero)),
    rejected: value(effect("A stage of which more than rejected_share failed", records.rejected)),
    rejected_share: value(shareOrNull("The largest share of a stage that may fail", records.rejected_share)),
    all_rejected: value(effect("A stage of which all failed", records.all_rejected)),
    ratios: value(list(KEYS.records.ratios, "How much of one stage has to arrive in another", records.ratios)),
    ratio: value(effect("A ratio outside its range", records.ratio)),
  }),
  drift: group<GatePolicy["drift"]>("Feature drift", {
    drifted: value(effect("A feature that has drifted", drift.drifted)),
    no_data: value(effect("A feature without rows to compare", drift.no_data)),
    inconclusive: value(effect("A feature with too few rows to tell", drift.inconclusive)),
    missing: value(effect("A feature that was left out, or has no reference", drift.missing)),
    retyped: value(effect("A feature of another kind than its reference", drift.retyped)),
    features: value(list(KEYS.drift.features, "What holds for single features", drift.features)),
  }),
  freshness: group<GatePolicy["freshness"]>("How old the data may be", {
    max_lag: value(limit(KEYS.freshness.max_lag, "How far data_through may lie behind now")),
    datasets: value(
      list(KEYS.freshness.datasets, "The datasets this is about; none: all that were reported", freshness.datasets),
    ),
    stale: value(effect("Data that is older, or of which nothing is known", freshness.stale)),
  }),
  latency: value(
    list(KEYS.latency, "The most that quantiles of latencies may be", DEFAULT_POLICY.latency, latencyRule),
  ),
  rejected: value(
    choiceOf(
      KEYS.rejected,
      "Evidence that was refused, or that a client could not deliver, until a good report of it comes",
      DEFAULT_POLICY.rejected,
    ),
  ),
  alerts: value(effect("Alerts that ask for the gate; one that warns never does more", DEFAULT_POLICY.alerts)),
  depends_on: value(list(KEYS.depends_on, "Pipelines that have to be allowed first", DEFAULT_POLICY.depends_on)),
  upstream: value(effect("A pipeline of depends_on that is not allowed", DEFAULT_POLICY.upstream)),
  requires: group<GatePolicy["requires"]>("What has to have arrived; until then the decision is pending", {
    checks: value(list(KEYS.requires.checks, "Quality checks", requires.checks)),
    stages: value(list(KEYS.requires.stages, "Stages with a count", requires.stages)),
    features: value(list(KEYS.requires.features, "Features with a verdict", requires.features ?? [])),
  }),
  on_unknown: value(
    choiceOf(KEYS.on_unknown, "Whether a caller may go on when the decision is unknown", DEFAULT_POLICY.on_unknown),
  ),
  max_age: value(limit(KEYS.max_age, "How old evidence may be")),
};
