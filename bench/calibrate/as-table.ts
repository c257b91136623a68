import { ofTable } from "./calibrate.ts";
import { type Figure, HEADINGS, type TableName } from "./figure.ts";

/** The figures as text, a line each, and how many are in their range. */
export function asTable(figures: readonly Figure[]): string {
  const lines: string[] = [];
  for (const table of Object.keys(HEADINGS) as TableName[]) {
    const rows = ofTable(figures, table);
    if (rows.length > 0) lines.push("", HEADINGS[table], "", header(rows[0]!), ...rows.map(line));
  }
  const good = figures.filter(({ in_range }) => in_range).length;
  lines.push("", `${good} of ${figures.length} figures in range.`);
  return `${lines.join("\n")}\n`;
}

function header({ beside }: Figure): string {
  const columns = Object.keys(beside).map((name) => name.padStart(widthOf(name)));
  return `${"".padEnd(54)}${"N".padStart(8)}${"M".padStart(8)}${"draws".padStart(8)}${"%".padStart(9)}${"least".padStart(8)}${"most".padStart(8)}${columns.join("")}`;
}

function line({ of, n_reference, n_current, simulations, value, least, most, in_range, beside }: Figure): string {
  const sizes = [n_reference, n_current, simulations].map((n) => String(n).padStart(8)).join("");
  const range = [percent(value).padStart(9), percent(least).padStart(8), percent(most).padStart(8)].join("");
  const more = Object.entries(beside).map(([name, share]) => besideValue(name, share).padStart(widthOf(name)));
  return `${of.padEnd(54)}${sizes}${range}${more.join("")}${in_range ? "" : "  out of range"}`;
}

function widthOf(name: string): number {
  return Math.max(10, name.length + 2);
}

/** A PSI is no share. */
function besideValue(name: string, value: number): string {
  return name.includes("mean PSI") ? value.toPrecision(3) : percent(value);
}

function percent(share: number): string {
  return (100 * share).toFixed(2);
}
