import { isGroup, type PolicyGroup, type PolicyKey, type PolicyValue } from "./key-kinds.ts";
import { POLICY_KEYS } from "./policy-keys.ts";

type Values = { [K in keyof typeof POLICY_KEYS]: PolicyValue<(typeof POLICY_KEYS)[K]> };

/** What must hold for a pipeline before the next step may run: a value for each key of POLICY_KEYS. */
export type GatePolicy = Omit<Values, "requires"> & {
  /** `features` is absent in policies that were stored before the key existed. */
  requires: Omit<Values["requires"], "features"> & Partial<Pick<Values["requires"], "features">>;
};

export type QualityPolicy = GatePolicy["quality"];
export type RecordsPolicy = GatePolicy["records"];
export type DriftPolicy = GatePolicy["drift"];
export type FreshnessPolicy = GatePolicy["freshness"];

/** Whether the policy limits how long a run may take. */
export function limitsDuration({ run, max_duration }: Pick<GatePolicy, "run" | "max_duration">): boolean {
  return run !== "off" && max_duration !== null;
}

/** The keys that a pipeline or a consumer sets differently from the policy below it. */
export type PolicyOverlay = {
  [K in keyof GatePolicy]?: (typeof POLICY_KEYS)[K] extends PolicyGroup ? Partial<GatePolicy[K]> : GatePolicy[K];
};

/** The overlay of one pipeline, or of all that a glob matches. Each of `consumers` lays an overlay of its own over it. */
export interface PolicyEntry {
  pipeline_name: string;
  policy: PolicyOverlay;
  consumers: { [consumer: string]: PolicyOverlay };
}

export interface GatePolicies {
  /** Laid over DEFAULT_POLICY for every pipeline. */
  defaults: PolicyOverlay;
  /** The most specific match applies, laid over the defaults. */
  entries: readonly PolicyEntry[];
}

/** The policy of an agent without a policy file. */
export const DEFAULT_POLICY = defaultsOf(POLICY_KEYS) as GatePolicy;

function defaultsOf(keys: { [key: string]: PolicyKey | PolicyGroup }): object {
  const entries = Object.entries(keys);
  return Object.fromEntries(entries.map(([key, of]) => [key, isGroup(of) ? defaultsOf(of.keys) : of.default]));
}
