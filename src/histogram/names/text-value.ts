/** Texts that stand for no value, as CSV and databases write one. Others, such as NA or -, are data. */
const NULLS = new Set(["", "NaN", "nan", "NULL", "null", "\\N"]);

const NUMBER = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i;
const INFINITE = /^\s*([+-]?)inf(?:inity)?\s*$/i;
const TRUTH = /^(?:true|false)$/i;
/** 007, and also 00 and -01. */
const LEADING_ZERO = /^\s*[+-]?0\d/;

/** Whether a text means that there is no value; so does one of blanks alone. */
export function isNullText(text: string): boolean {
  return NULLS.has(text) || text.trim() === "";
}

/** The number that a text writes in decimal digits; null: it is no number. */
export function numberOfText(text: string): number | null {
  if (NUMBER.test(text)) return Number(text);
  const infinite = INFINITE.exec(text);
  if (infinite === null) return null;
  return infinite[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** True, true, TRUE and the same of false: how pandas, Polars, JSON and R write a boolean. */
export function isTruthText(text: string): boolean {
  return TRUTH.test(text);
}

/** An identifier: as a number it would lose its zeros. */
export function hasLeadingZero(text: string): boolean {
  return LEADING_ZERO.test(text);
}
