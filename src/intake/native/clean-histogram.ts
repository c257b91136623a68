import { cleanText } from "../../domain/words/text.ts";
import type { NumericSummary } from "../../histogram/distribution.ts";
import type { HistogramInput } from "../../histogram/histogram-input.ts";

/** A histogram as its body has it. */
export type SentHistogram = Omit<HistogramInput, "summary"> & NumericSummary & { readonly n?: number };

/**
 * Categories and text values are data, not names: one with a control character in it spoils nothing, it is kept as free
 * text is. What is the same then is one category.
 */
export function cleanHistogram(sent: SentHistogram): HistogramInput {
  const input = withSummary(sent);
  const { categories, values } = input;
  if (categories !== undefined) return { ...input, categories: cleanCategories(categories) };
  if (values !== undefined && Array.prototype.some.call(values, isUnclean)) {
    return { ...input, values: Array.from(values, (value) => (isUnclean(value) ? cleanText(value) : value)) };
  }
  return input;
}

/** On the wire what is known beside the counts stands among them. */
function withSummary({ n: _rows, min, max, mean, sd, distinct, quantiles, spikes, outside, ...input }: SentHistogram) {
  const known = Object.entries({ min, max, mean, sd, distinct, quantiles, spikes, outside });
  const said = known.filter(([, value]) => value !== undefined);
  return said.length === 0 ? input : { ...input, summary: Object.fromEntries(said) as NumericSummary };
}

function cleanCategories(categories: Readonly<Record<string, number>>): Record<string, number> {
  const entries = Object.entries(categories);
  if (!entries.some(([name]) => isUnclean(name))) return categories;
  const counts = new Map<string, number>();
  for (const [name, count] of entries) {
    const clean = cleanText(name);
    counts.set(clean, (counts.get(clean) ?? 0) + count);
  }
  return Object.fromEntries(counts);
}

function isUnclean(value: unknown): value is string {
  return typeof value === "string" && (value.length > 1000 || /[\p{Cc}\p{Cs}]/u.test(value));
}
