import type { KeptItem } from "../../../domain/reports/merge-rejected.ts";
import { numbers, texts, times } from "../connection/values/array-literals.ts";
import { integer, type RowOf, text, time, uuidArray } from "../statement/columns.ts";

/** A rejected item, in the order of `itemArrays`. */
export const ITEM_COLUMNS = {
  attempt: integer,
  kind: text,
  item: text,
  at: time,
  code: text,
  why: text,
  first_at: time,
  seen: uuidArray,
};

export function keptItem({ seen, ...item }: RowOf<typeof ITEM_COLUMNS>): KeptItem {
  return { ...item, seen: seen.map((hash) => hash.replaceAll("-", "")) };
}

/** The columns of these items as arrays: int, text, text, seconds, text, text, seconds, and each `seen` as a literal. */
export function itemArrays(items: readonly KeptItem[]): string[] {
  return [
    numbers(items.map(({ attempt }) => attempt)),
    texts(items.map(({ kind }) => kind)),
    texts(items.map(({ item }) => item)),
    times(items.map(({ at }) => at)),
    texts(items.map(({ code }) => code)),
    texts(items.map(({ why }) => why)),
    times(items.map(({ first_at }) => first_at)),
    texts(items.map(({ seen }) => `{${seen.join(",")}}`)),
  ];
}
