import type { Effect } from "./rules.ts";

/** What a key of a policy is for (`title`), what holds when it is not set, and how it is written. */
export type PolicyKey = WordKey | LimitKey | ShareKey | ListKey | NamesOrNullKey;

/** One word of several. */
interface WordKey {
  kind: "effect" | "choice";
  title: string;
  default: string;
}

/** Held in milliseconds and written as a duration such as `26h`; null: no limit. */
interface LimitKey {
  kind: "limit";
  title: string;
  default: number | null;
}

/** 0 to 1; null: not looked at. */
interface ShareKey {
  kind: "share";
  title: string;
  default: number | null;
}

interface ListKey {
  kind: "list";
  title: string;
  default: unknown[];
  /** From an item as it is written. */
  read: (written: never) => unknown;
}

/** Names or globs; null: what holds without a list, which the title says. */
interface NamesOrNullKey {
  kind: "names_or_null";
  title: string;
  default: string[] | null;
}

export interface PolicyGroup {
  title: string;
  keys: { [key: string]: PolicyKey };
}

/** What a key or a group holds. */
export type PolicyValue<K> = K extends { keys: infer G }
  ? { -readonly [N in keyof G]: PolicyValue<G[N]> }
  : K extends { default: infer T }
    ? T
    : never;

/** As it is written: null where a list, a limit or a group has nothing in it. Each key may be left out. */
export type PolicyWritten<K> = K extends { keys: infer G }
  ? { [N in keyof G]?: PolicyWritten<G[N]> } | null
  : K extends LimitKey
    ? string | null
    : K extends { kind: "list"; read: (written: infer W) => unknown }
      ? W[] | null
      : K extends { default: infer T }
        ? T
        : never;

export const effect = (title: string, byDefault: Effect) => ({ kind: "effect" as const, title, default: byDefault });

export const choice = <T extends string>(title: string, byDefault: T) => ({
  kind: "choice" as const,
  title,
  default: byDefault,
});

export const limit = (title: string, byDefault: number | null = null) => ({
  kind: "limit" as const,
  title,
  default: byDefault,
});

export const share = (title: string, byDefault: number | null) => ({
  kind: "share" as const,
  title,
  default: byDefault,
});

export const list = <T>(title: string, byDefault: T[] = []) => readList<T, T>(title, byDefault, (item) => item);

export const readList = <T, W>(title: string, byDefault: T[], read: (written: W) => T) => ({
  kind: "list" as const,
  title,
  default: byDefault,
  read,
});

export const namesOrNull = (title: string) => ({
  kind: "names_or_null" as const,
  title,
  default: null as string[] | null,
});

export const group = <G extends PolicyGroup["keys"]>(title: string, keys: G) => ({ title, keys });

export function isGroup(entry: PolicyKey | PolicyGroup): entry is PolicyGroup {
  return "keys" in entry;
}
