import { choice, effect, group, limit, list, namesOrNull, readList, share } from "./key-kinds.ts";
import {
  type CheckRule,
  type FeatureRule,
  latencyRule,
  type StageMinimum,
  type StageRatio,
  type UnknownEffect,
} from "./rules.ts";

/**
 * Every key of a gate's policy. The type of a policy, what holds without a file, how a policy is read and written and the keys
 * of sluice.yaml follow from this table; src/contract/gate-policy.ts says what each may be on the wire, and the compiler names a
 * key that is in one of the two alone.
 *
 * A key may be added anywhere: the version of a policy is the hash of its content with the keys sorted, and the order here only
 * decides where sluice.schema.json shows a key. A new key gives every policy a new version.
 */
export const POLICY_KEYS = {
  run: effect("The run has to end well; off: runs need not be reported, the latest evidence counts", "block"),
  max_duration: limit("A run that goes on for longer is found overrunning"),
  attach_window: limit(
    "Evidence without a run_id counts for the run that ended no longer than this before",
    6 * 3_600_000,
  ),
  quality: group("Quality checks", {
    failed: effect("A check of severity error below its threshold", "block"),
    warned: effect("A check of severity warn below its threshold", "warn"),
    /** Under `warn` it is a warning; one that only warns when it fails does no more. */
    errored: effect("A check that could not be computed: block makes the decision unknown", "block"),
    minimum: share("The least mean score of the checks of severity error", 0.9),
    overall: effect("A mean score below the minimum", "block"),
    /** One given a minimum by its name is waited for. */
    checks: list<CheckRule>("What holds for single checks"),
  }),
  records: group("Record counts", {
    below_minimum: effect("A stage below its expected_min or its minimum here", "block"),
    /** A stage that was not reported is `records_missing`, pending until it arrives. */
    minimum: list<StageMinimum>("The least count of stages; what was not reported is waited for"),
    /** Names or globs. */
    nonzero: namesOrNull(
      "Stages that may not be 0; null: load and loaded, what held records in an earlier good run, and all at once",
    ),
    /** Names or globs, whatever the case; all they hold was rejected. */
    may_be_zero: list("Stages that collect what went wrong: they may be 0", [
      "rejected",
      "failed",
      "errors",
      "dead_letter*",
      "quarantine*",
      "duplicates*",
    ]),
    zero: effect("A stage that is 0 and may not be", "block"),
    rejected: effect("A stage of which more than rejected_share failed", "warn"),
    /** Of `count` and `failed` of a stage together. */
    rejected_share: share("The largest share of a stage that may fail", 0.05),
    all_rejected: effect("A stage of which all failed", "block"),
    /** Both spellings that pipelines use. */
    ratios: list<StageRatio>("How much of one stage has to arrive in another", [
      { stage: "load", of: "transform", minimum: 0.95, maximum: 1.05 },
      { stage: "loaded", of: "transformed", minimum: 0.95, maximum: 1.05 },
    ]),
    ratio: effect("A ratio outside its range", "block"),
  }),
  drift: group("Feature drift", {
    drifted: effect("A feature that has drifted", "block"),
    no_data: effect("A feature without rows to compare", "block"),
    inconclusive: effect("A feature with too few rows to tell", "warn"),
    missing: effect("A feature that was left out, or has no reference", "warn"),
    retyped: effect("A feature of another kind than its reference", "block"),
    features: list<FeatureRule>("What holds for single features"),
  }),
  schema: group("Columns that are not as they were declared, accepted or learned", {
    removed: effect("A column that is gone", "block"),
    renamed: effect("A column that is gone while one came that is probably the same", "block"),
    retyped: effect("A column of another family of types", "block"),
    /** The most that the three above do about a column that nobody declared or accepted. */
    learned: effect("The most that is done about a column that was only learned", "warn"),
    added: effect("A column that is new", "warn"),
  }),
  freshness: group("How old the data may be", {
    max_lag: limit("How far data_through may lie behind now"),
    /** Names or globs. */
    datasets: list<string>("The datasets this is about; none: all that were reported"),
    stale: effect("Data that is older, or of which nothing is known", "block"),
  }),
  latency: readList("The most that quantiles of latencies may be", [], latencyRule),
  /** Evidence of the run that came and could not be used, or that its client could not deliver. */
  rejected: choice<UnknownEffect>(
    "Evidence that was refused, or that a client could not deliver, until a good report of it comes",
    "unknown",
  ),
  /** Alerts that Alertmanager sends with a `gate` label. */
  alerts: effect("Alerts that ask for the gate; one that warns never does more", "block"),
  depends_on: list<string>("Pipelines that have to be allowed first"),
  upstream: effect("A pipeline of depends_on that is not allowed", "block"),
  /** Names or globs. */
  requires: group("What has to have arrived; until then the decision is pending", {
    checks: list<string>("Quality checks"),
    stages: list<string>("Stages with a count"),
    features: list<string>("Features with a verdict"),
  }),
  on_unknown: choice<"block" | "allow">("Whether a caller may go on when the decision is unknown", "block"),
  /** Evidence older than this is no evidence. */
  max_age: limit("How old evidence may be"),
};
