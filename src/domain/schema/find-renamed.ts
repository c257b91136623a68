import { editDistance } from "./edit-distance.ts";
import { familyOf, type SchemaColumn } from "./schema.ts";

/** Comparing every name that went with every one that came takes this many steps at most. */
const MOST_PAIRS = 20_000;

/**
 * Which of the columns that came are probably those that went, under new names: first those that are spelled alike but for case
 * and signs between words (`user_id`, `userId`, `User ID`), then the nearest ones of the same family of types.
 */
export function findRenamed<G extends SchemaColumn>(
  gone: readonly G[],
  came: readonly SchemaColumn[],
): Map<G, SchemaColumn> {
  const renamed = new Map<G, SchemaColumn>();
  const open = new Set(came);
  const bySpelling = new Map<string, SchemaColumn[]>();
  for (const column of came) {
    const key = spelling(column.name);
    if (key !== "") bySpelling.set(key, [...(bySpelling.get(key) ?? []), column]);
  }
  const pair = (from: G, to: SchemaColumn) => {
    renamed.set(from, to);
    open.delete(to);
  };
  for (const column of gone) {
    const alike = bySpelling.get(spelling(column.name))?.find((one) => open.has(one));
    if (alike !== undefined) pair(column, alike);
  }
  const left = gone.filter((column) => !renamed.has(column));
  if (left.length * open.size > MOST_PAIRS) return renamed;
  for (const { from, to } of nearPairs(left, [...open])) if (!renamed.has(from) && open.has(to)) pair(from, to);
  return renamed;
}

/** The nearest first; of equally near ones in the order of their columns. */
function nearPairs<G extends SchemaColumn>(gone: readonly G[], came: readonly SchemaColumn[]) {
  const pairs = gone.flatMap((from) =>
    came.flatMap((to) => {
      const share = sameKind(from, to) ? unlikeness(spelling(from.name), spelling(to.name)) : null;
      return share === null ? [] : [{ from, to, share }];
    }),
  );
  return pairs.sort((a, b) => a.share - b.share);
}

/** The share of letters that differ; null: more than a third, or too short to tell. */
function unlikeness(a: string, b: string): number | null {
  const longer = Math.max(a.length, b.length);
  const most = Math.floor(longer / 3);
  if (most === 0 || Math.abs(a.length - b.length) > most) return null;
  const distance = editDistance(a, b);
  return distance > most ? null : distance / longer;
}

function sameKind(a: SchemaColumn, b: SchemaColumn): boolean {
  const [one, other] = [familyOf(a), familyOf(b)];
  return one === null || other === null || one === other;
}

/** Letters and digits alone, in lower case. */
function spelling(name: string): string {
  return name
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]/gu, "");
}
