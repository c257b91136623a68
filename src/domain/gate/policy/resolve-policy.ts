import { globListOf } from "../../words/glob-list.ts";
import { isGroup } from "./key-kinds.ts";
import { DEFAULT_POLICY, type GatePolicies, type GatePolicy, type PolicyEntry, type PolicyOverlay } from "./policy.ts";
import { POLICY_KEYS } from "./policy-keys.ts";

/**
 * The policy of a pipeline for a consumer (null: the default one): the defaults, then its entry, then the overlay of the
 * consumer.
 */
export function resolvePolicy(policies: GatePolicies, pipeline_name: string, consumer: string | null): GatePolicy {
  const { defaults, entries } = policies;
  const general = mergePolicy(DEFAULT_POLICY, defaults);
  const entry = entryFor(entries, pipeline_name);
  if (entry === undefined) return general;
  const own = mergePolicy(general, entry.policy);
  const overlay = consumer !== null && Object.hasOwn(entry.consumers, consumer) ? entry.consumers[consumer] : undefined;
  return overlay === undefined ? own : mergePolicy(own, overlay);
}

/** The name itself, else the most specific glob. */
export function entryFor(entries: readonly PolicyEntry[], pipeline_name: string): PolicyEntry | undefined {
  const list = globListOf(entries, (entry) => entry.pipeline_name);
  const own = list.written(pipeline_name);
  return entries[own === -1 ? list.best(pipeline_name) : own];
}

/** Lays the overlay over the policy key by key; a list replaces the whole list. */
export function mergePolicy(base: GatePolicy, overlay: PolicyOverlay): GatePolicy {
  const groups = GROUPS.map((key) => [key, { ...(base[key] as object), ...(overlay[key] as object) }]);
  return { ...base, ...overlay, ...Object.fromEntries(groups) };
}

const GROUPS = Object.entries(POLICY_KEYS).flatMap(([key, of]) => (isGroup(of) ? [key as keyof GatePolicy] : []));
