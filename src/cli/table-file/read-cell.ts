/** What a text cell may say for "no value", besides nothing. Others, such as NA or -, are data until told otherwise. */
const NULLS = new Set(["", "NaN", "nan", "NULL", "null", "\\N"]);

const INFINITE = /^[+-]?inf(inity)?$/i;

/** A cell of a file in which all is text: a number where it reads as one, null where it is one of the nulls. */
export function readTextCell(text: string, nulls: ReadonlySet<string>): number | string | null {
  const value = Number(text);
  // Number() takes blanks for 0, and 0x10 for 16.
  if (!Number.isNaN(value) && text.trim() !== "" && !/[xXoObB]/.test(text)) return value;
  if (NULLS.has(text) || nulls.has(text)) return null;
  if (INFINITE.test(text)) return text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return text.trim() === "" ? null : text;
}
