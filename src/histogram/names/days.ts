import { isNullText } from "./text-value.ts";

const DAY_MS = 86_400_000;
const DATE = /^\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?( ?(?:[Zz]|[+-]\d\d:?\d\d))?)?$/;

/** Whether a text writes a date, or a date and a time, as ISO 8601 and databases do. */
export function isDateText(text: string): boolean {
  return DATE.test(text.trim());
}

/**
 * Days since 1970-01-01 in UTC, with fractions; a text without a zone is UTC, a number is days already.
 *
 * @returns NaN for no value; null for what is no date
 */
export function daysOf(value: unknown): number | null {
  if (value === null || value === undefined) return Number.NaN;
  if (value instanceof Date) return value.getTime() / DAY_MS;
  if (typeof value === "number" || typeof value === "bigint") return Number(value);
  if (typeof value !== "string") return null;
  if (isNullText(value)) return Number.NaN;
  const text = value.trim();
  const found = DATE.exec(text);
  if (found === null) return null;
  const iso = text.replace(" ", "T").replace(" ", "");
  const local = text.length > 10 && found[1] === undefined;
  const days = new Date(local ? `${iso}Z` : iso).getTime() / DAY_MS;
  return Number.isNaN(days) ? null : days;
}
