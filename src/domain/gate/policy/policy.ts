import { isGroup, type PolicyGroup, type PolicyKey, type PolicyValue } from "./key-kinds.ts";
import { POLICY_KEYS } from "./policy-keys.ts";

type Values = { [K in keyof typeof POLICY_KEYS]: PolicyValue<(typeof POLICY_KEYS)[K]> };

/** What must hold for a pipeline before the next step may run: a value for each key of POLICY_KEYS. */
export type GatePolicy = Omit<Values, "requires"> & {
  /** A policy that was stored before `features` came has none. */
  requires: Omit<Values["requires"], "features"> & Partial<Pick<Values["requires"], "features">>;
};

export type QualityPolicy = GatePolicy["quality"];
export type RecordsPolicy = GatePolicy["records"];
export type DriftPolicy = GatePolicy["drift"];
export type FreshnessPolicy = GatePolicy["freshness"];

/** Whether it matters how long a run has been going on. */
export function limitsDuration({ run, max_duration }: Pick<GatePolicy, "run" | "max_duration">): boolean {
  return run !== "off" && max_duration !== null;
}

/** What a policy of a pipeline or consumer says otherwise than the one below it. */
export type PolicyOverlay = {
  [K in keyof GatePolicy]?: (typeof POLICY_KEYS)[K] extends PolicyGroup ? Partial<GatePolicy[K]> : GatePolicy[K];
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

/** What holds with no policy file. */
export const DEFAULT_POLICY = defaultsOf(POLICY_KEYS) as GatePolicy;

function defaultsOf(keys: { [key: string]: PolicyKey | PolicyGroup }): object {
  const entries = Object.entries(keys);
  return Object.fromEntries(entries.map(([key, of]) => [key, isGroup(of) ? defaultsOf(of.keys) : of.default]));
}
