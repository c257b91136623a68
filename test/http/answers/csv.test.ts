import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toCsv } from "../../../src/http/answers/csv.ts";

type Cell = string | number | boolean | null;
const csv = (...rows: Cell[][]) =>
  toCsv(
    [
      ["a", (row: Cell[]) => row[0]!],
      ["b", (row: Cell[]) => row[1]!],
    ],
    rows,
  ).split("a,b\r\n")[1];

/** As RFC 4180 has it read. */
function parse(text: string): string[][] {
  const rows: string[][] = [];
  const cell = /("(?:[^"]|"")*"|[^,\r\n]*)(,|\r\n)/gy;
  let row: string[] = [];
  for (const [, value, end] of text.matchAll(cell)) {
    row.push(value!.startsWith('"') ? value!.slice(1, -1).replaceAll('""', '"') : value!);
    if (end === "\r\n") rows.push(row.splice(0));
  }
  row = [];
  return rows;
}

describe("CSV", () => {
  test.each([
    ["plain", "plain"],
    ["a,b", '"a,b"'],
    ['say "x"', '"say ""x"""'],
    ["two\r\nlines", '"two\r\nlines"'],
    ["", ""],
    [null, ""],
    [0.5, "0.5"],
    [-1, "-1"],
    [true, "true"],
    ["=1+1", "'=1+1"],
    ["+x", "'+x"],
    ["-x", "'-x"],
    ["@x", "'@x"],
    ["\tx", "'\tx"],
    ["'=x", "''=x"],
    ["'x", "'x"],
    ['=HYPERLINK("x","y")', '"\'=HYPERLINK(""x"",""y"")"'],
  ])("writes %j as %j", (cell, written) => {
    expect(csv([cell, 1])).toBe(`${written},1\r\n`);
  });

  test("is read back as it was, but for the apostrophe before what looks like a formula", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string(), fc.string({ unit: fc.constantFrom('"', ",", "\r", "\n", "=", "'", "x") }))),
        (rows) => {
          const read = parse(csv(...rows)!).map((cells) =>
            cells.map((cell) => cell.replace(/^'(?='*[=+\-@\t\r])/, "")),
          );
          expect(read).toEqual(rows);
        },
      ),
    );
  });
});
