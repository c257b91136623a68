import { cleanText } from "../../domain/words/text.ts";
import type { HistogramInput } from "../../histogram/histogram-input.ts";

/**
 * Categories and text values are data, not names: one with a control character in it spoils nothing, it is kept as free
 * text is. What is the same then is one category.
 */
export function cleanHistogram(input: HistogramInput): HistogramInput {
  const { categories, values } = input;
  if (categories !== undefined) return { ...input, categories: cleanCategories(categories) };
  if (values !== undefined && Array.prototype.some.call(values, isUnclean)) {
    return { ...input, values: Array.from(values, (value) => (isUnclean(value) ? cleanText(value) : value)) };
  }
  return input;
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
