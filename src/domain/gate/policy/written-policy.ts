import { formatDuration, parseDuration } from "../../words/duration.ts";
import { isGroup, type PolicyGroup, type PolicyKey, type PolicyWritten } from "./key-kinds.ts";
import type { PolicyOverlay } from "./policy.ts";
import { POLICY_KEYS } from "./policy-keys.ts";

/** A policy as sluice.yaml and the body of an evaluation write it: durations are texts (`26h`), null is a list or a group without content. */
export type WrittenPolicy = { [K in keyof typeof POLICY_KEYS]?: PolicyWritten<(typeof POLICY_KEYS)[K]> };

type Keys = { readonly [key: string]: PolicyKey | PolicyGroup };

/** Expects a policy that the schema has accepted; durations become milliseconds. */
export function readPolicy(written: WrittenPolicy): PolicyOverlay {
  return readKeys(POLICY_KEYS, written);
}

export function writePolicy(overlay: PolicyOverlay): WrittenPolicy {
  return writeKeys(POLICY_KEYS, overlay);
}

/** Leaves out the keys without a value: the policy below keeps its own there. */
function readKeys(keys: Keys, written: object): object {
  const read = Object.entries(written).map(([key, value]) => [key, readValue(keys[key]!, value)]);
  return Object.fromEntries(read.filter(([, value]) => value !== undefined));
}

function readValue(key: PolicyKey | PolicyGroup, written: unknown): unknown {
  // null removes a limit or a share; of any other key it is a key without content.
  if (written === null) return "kind" in key && (key.kind === "limit" || key.kind === "share") ? null : undefined;
  if (written === undefined) return undefined;
  if (isGroup(key)) return readKeys(key.keys, written as object);
  if (key.kind === "limit") return parseDuration(written as string);
  if (key.kind === "list") return (written as never[]).map(key.read);
  return written;
}

function writeKeys(keys: Keys, overlay: object): object {
  const written = Object.entries(overlay).map(([key, value]) => [key, writeValue(keys[key]!, value)]);
  return Object.fromEntries(written.filter(([, value]) => value !== undefined));
}

function writeValue(key: PolicyKey | PolicyGroup, value: unknown): unknown {
  if (isGroup(key)) return value === undefined ? undefined : writeKeys(key.keys, value as object);
  return key.kind === "limit" && typeof value === "number" ? formatDuration(value) : value;
}
