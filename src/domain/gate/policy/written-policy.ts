import { formatDuration, parseDuration } from "../../words/duration.ts";
import { isGroup, type PolicyGroup, type PolicyKey, type PolicyWritten } from "./key-kinds.ts";
import type { PolicyOverlay } from "./policy.ts";
import { POLICY_KEYS } from "./policy-keys.ts";

/** A policy as it is written: durations as texts (`26h`), null where a list or a group has nothing in it. */
export type WrittenPolicy = { [K in keyof typeof POLICY_KEYS]?: PolicyWritten<(typeof POLICY_KEYS)[K]> };

type Keys = { readonly [key: string]: PolicyKey | PolicyGroup };

/** It has the right shape: it was held against the schema. */
export function readPolicy(written: WrittenPolicy): PolicyOverlay {
  return readKeys(POLICY_KEYS, written);
}

export function writePolicy(overlay: PolicyOverlay): WrittenPolicy {
  return writeKeys(POLICY_KEYS, overlay);
}

/** A key that says nothing is left out, so that what it would be laid over stays. */
function readKeys(keys: Keys, written: object): object {
  const read = Object.entries(written).map(([key, value]) => [key, readValue(keys[key]!, value)]);
  return Object.fromEntries(read.filter(([, value]) => value !== undefined));
}

function readValue(key: PolicyKey | PolicyGroup, written: unknown): unknown {
  // Of a limit and a share null says something: there is none. Elsewhere it is a key with nothing below it.
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
