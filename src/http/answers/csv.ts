type Cell = string | number | boolean | null;

/**
 * RFC 4180. A text that a spreadsheet would take for a formula is preceded by an apostrophe; so is one that already looks
 * like the result, so that taking one apostrophe away always gives back what was written.
 */
export function toCsv<T>(columns: readonly (readonly [string, (row: T) => Cell])[], rows: readonly T[]): string {
  const lines = [columns.map(([name]) => name), ...rows.map((row) => columns.map(([, value]) => cell(value(row))))];
  return lines.map((line) => `${line.join(",")}\r\n`).join("");
}

function cell(value: Cell): string {
  if (value === null) return "";
  if (typeof value !== "string") return String(value);
  const safe = /^'*[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export const CSV_TYPE = "text/csv; charset=utf-8; header=present";
