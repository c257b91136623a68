import { stripVTControlCharacters } from "node:util";

/** Columns under each other, two spaces between them; those of `right` end at the same place. Colours take no room. */
export function table(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const width = (text: string) => stripVTControlCharacters(text).length;
  const widths = rows[0]!.map((_cell, column) => Math.max(...rows.map((row) => width(row[column]!))));
  const padded = (text: string, column: number) => {
    const space = " ".repeat(widths[column]! - width(text));
    return right.includes(column) ? space + text : text + space;
  };
  return rows.map((row) => row.map(padded).join("  ").trimEnd()).join("\n");
}
