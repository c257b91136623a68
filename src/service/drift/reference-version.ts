import { createHash } from "node:crypto";
import type { Distribution } from "../../histogram/distribution.ts";

/** The first 16 hexadecimal digits of the SHA-256 of the content: the same content is the same version. */
export function referenceVersion(histogram: Distribution): string {
  return createHash("sha256")
    .update(JSON.stringify(content(histogram)))
    .digest("hex")
    .slice(0, 16);
}

function content(histogram: Distribution): unknown[] {
  const counted = counts(histogram);
  const { rule } = histogram;
  // References of the first rule keep the versions that they have.
  if (rule === undefined) return counted;
  return [...counted, { rule, ...(histogram.kind === "numeric" ? histogram.summary : {}), ...foldedIn(histogram) }];
}

function foldedIn(histogram: Distribution): { folded?: number } {
  return histogram.kind === "categorical" && histogram.folded !== undefined ? { folded: histogram.folded } : {};
}

function counts(histogram: Distribution): unknown[] {
  const { kind, nulls } = histogram;
  const counts = Array.from(histogram.counts);
  if (histogram.kind === "numeric") return [kind, Array.from(histogram.edges), counts, nulls];
  if (histogram.kind === "positional") return [kind, counts, nulls];
  const categories = histogram.categories.map((name, i) => [name, counts[i]!] as const);
  return [kind, categories.sort(([a], [b]) => (a < b ? -1 : 1)), nulls];
}
