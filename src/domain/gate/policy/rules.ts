/** What a rule does when it finds something: `off` looks away. */
export type Effect = "block" | "warn" | "off";

/** What is not known may also make the decision `unknown`: `on_unknown` says what that means for the caller. */
export type UnknownEffect = Effect | "unknown";

/** For single checks (name or glob, the most specific holds): a higher threshold than the reported one, another effect. */
export interface CheckRule {
  check_name: string;
  minimum?: number;
  effect?: Effect;
}

/** The least count of a stage (name or glob). */
export interface StageMinimum {
  stage: string;
  count: number;
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

/** For single features (name or glob, the most specific holds). */
export type FeatureRule = { feature_name: string } & Partial<DriftEffects>;

export interface LatencyPolicy {
  operation: string;
  /** 0 to 1, such as 0.99. */
  quantile: number;
  maximum_seconds: number;
  effect: Effect;
}

export type WrittenLatency = Omit<LatencyPolicy, "effect"> & { effect?: Effect };

export function latencyRule(written: WrittenLatency): LatencyPolicy {
  return { ...written, effect: written.effect ?? "block" };
}
