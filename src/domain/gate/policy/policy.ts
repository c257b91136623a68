/** What a rule does when it finds something: `off` looks away. */
export type Effect = "block" | "warn" | "off";

/** What is not known may also make the decision `unknown`: `on_unknown` says what that means for the caller. */
export type UnknownEffect = Effect | "unknown";

/** What must hold for a pipeline before the next step may run. Every rule is `block`, `warn` or `off`. */
export interface GatePolicy {
  /** The run has to end well; `off`: runs need not be reported, the latest evidence counts. */
  run: Effect;
  /** A run that is still going after this long, milliseconds (`run_overrunning`); null: as long as it likes. */
  max_duration: number | null;
  /** Evidence without a run_id counts for the run that ended no longer than this before, milliseconds; null: however long ago. */
  attach_window: number | null;
  quality: QualityPolicy;
  records: RecordsPolicy;
  drift: DriftPolicy;
  freshness: FreshnessPolicy;
  latency: LatencyPolicy[];
  /** Evidence of the run that came and could not be used, or that its client could not deliver. */
  rejected: UnknownEffect;
  /** Alerts that Alertmanager sends with a `gate` label; an alert that only warns never does more. */
  alerts: Effect;
  /** Pipelines that have to be allowed first. */
  depends_on: string[];
  /** What an upstream that is not allowed means. */
  upstream: Effect;
  /** Evidence (names or globs) that has to have arrived; until then the decision is `pending`. */
  requires: { checks: string[]; stages: string[]; features?: string[] };
  /** What `unknown` means for the caller. */
  on_unknown: "block" | "allow";
  /** Evidence older than this is no evidence, milliseconds; null: never too old. */
  max_age: number | null;
}

export interface QualityPolicy {
  /** A check of severity `error` below its threshold. */
  failed: Effect;
  /** A check of severity `warn` below its threshold. */
  warned: Effect;
  /** A check that could not be computed is unknown under `block`, a warning under `warn`; one that only warns when it fails does no more. */
  errored: Effect;
  /** Mean score of the checks of severity `error`, 0 to 1; null: not looked at. */
  minimum: number | null;
  overall: Effect;
  /** For single checks (name or glob, the most specific holds): a higher threshold than the reported one, another effect. One given a minimum by its name is waited for. */
  checks: { check_name: string; minimum?: number; effect?: Effect }[];
}

export interface RecordsPolicy {
  /** Below the `expected_min` that was reported, or below `minimum`. */
  below_minimum: Effect;
  /** Least count by stage (name or glob); a stage that was not reported is `records_missing`, pending until it arrives. */
  minimum: { stage: string; count: number }[];
  /**
   * Stages (name or glob) that may not be 0; null: those called load or loaded, those that held records in an earlier good
   * run, and all of them at once.
   */
  nonzero: string[] | null;
  /** Stages (name or glob, whatever the case) that collect what went wrong: they may be 0, and all they hold was rejected. */
  may_be_zero: string[];
  zero: Effect;
  /** More than `rejected_share` of a stage failed. */
  rejected: Effect;
  /** Of `count` and `failed` of a stage together, 0 to 1; null: not looked at. */
  rejected_share: number | null;
  /** All of a stage failed. */
  all_rejected: Effect;
  ratios: StageRatio[];
  ratio: Effect;
}

/** count(stage) / count(of) lies within [minimum, maximum]; looked at where both were reported. */
export interface StageRatio {
  stage: string;
  of: string;
  minimum: number;
  maximum: number;
}

export interface DriftEffects {
  drifted: Effect;
  no_data: Effect;
  inconclusive: Effect;
  /** A feature with an active reference that the run did not report, or one without a reference. */
  missing: Effect;
  /** A feature of another kind than its reference: numbers where there were categories, or the other way round. */
  retyped: Effect;
}

export interface DriftPolicy extends DriftEffects {
  /** For single features (name or glob, the most specific holds). */
  features: ({ feature_name: string } & Partial<DriftEffects>)[];
}

export interface FreshnessPolicy {
  /** How far data_through may lie behind now, milliseconds; null: not looked at. */
  max_lag: number | null;
  /** The datasets this is about (names or globs); empty: all that were reported. */
  datasets: string[];
  stale: Effect;
}

export interface LatencyPolicy {
  operation: string;
  /** 0 to 1, such as 0.99. */
  quantile: number;
  maximum_seconds: number;
  effect: Effect;
}

/** Whether it matters how long a run has been going on. */
export function limitsDuration({ run, max_duration }: Pick<GatePolicy, "run" | "max_duration">): boolean {
  return run !== "off" && max_duration !== null;
}

/** What a policy of a pipeline or consumer says otherwise than the one below it. */
export type PolicyOverlay = Partial<Omit<GatePolicy, "quality" | "records" | "drift" | "freshness" | "requires">> & {
  quality?: Partial<QualityPolicy>;
  records?: Partial<RecordsPolicy>;
  drift?: Partial<DriftPolicy>;
  freshness?: Partial<FreshnessPolicy>;
  requires?: Partial<GatePolicy["requires"]>;
};

/** A pipeline's name or a glob, with what holds there; `consumers` see it with their own overlay on top. */
export interface PolicyEntry {
  pipeline_name: string;
  policy: PolicyOverlay;
  consumers: { [consumer: string]: PolicyOverlay };
}

export interface GatePolicies {
  /** Over DEFAULT_POLICY, for every pipeline. */
  defaults: PolicyOverlay;
  /** The most specific one holds, over the defaults. */
  entries: readonly PolicyEntry[];
}

/** What holds with no policy file. Stage names: both spellings that pipelines use. */
export const DEFAULT_POLICY: GatePolicy = {
  run: "block",
  max_duration: null,
  attach_window: 6 * 3_600_000,
  quality: { failed: "block", warned: "warn", errored: "block", minimum: 0.9, overall: "block", checks: [] },
  records: {
    below_minimum: "block",
    minimum: [],
    nonzero: null,
    may_be_zero: ["rejected", "failed", "errors", "dead_letter*", "quarantine*", "duplicates*"],
    zero: "block",
    rejected: "warn",
    rejected_share: 0.05,
    all_rejected: "block",
    ratios: [
      { stage: "load", of: "transform", minimum: 0.95, maximum: 1.05 },
      { stage: "loaded", of: "transformed", minimum: 0.95, maximum: 1.05 },
    ],
    ratio: "block",
  },
  drift: {
    drifted: "block",
    no_data: "block",
    inconclusive: "warn",
    missing: "warn",
    retyped: "block",
    features: [],
  },
  freshness: { max_lag: null, datasets: [], stale: "block" },
  latency: [],
  rejected: "unknown",
  alerts: "block",
  depends_on: [],
  upstream: "block",
  requires: { checks: [], stages: [], features: [] },
  on_unknown: "block",
  max_age: null,
};
