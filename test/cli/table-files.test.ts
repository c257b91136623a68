import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import * as zlib from "node:zlib";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { CsvRows } from "../../src/cli/table-file/csv-rows.ts";
import { openTable, type TableOptions } from "../../src/cli/table-file/open-table.ts";
import { isNullCell, numberOfCell } from "../../src/cli/table-file/read-cell.ts";
import type { Cell } from "../../src/cli/table-file/table-file.ts";

const directory = await mkdtemp(path.join(tmpdir(), "sluice-tables-"));
afterAll(() => rm(directory, { recursive: true }));
const fixture = (name: string) => path.join(import.meta.dirname, "tables", name);

function fileOf(name: string, content: string | Buffer): string {
  const file = path.join(directory, name);
  writeFileSync(file, content);
  return file;
}

async function read(
  file: string,
  options: TableOptions = {},
): Promise<{ rows: number; columns: Record<string, Cell[]> }> {
  const columns: Record<string, Cell[]> = {};
  const table = await openTable(file, options);
  let last = 0;
  const rows = await table.read(
    ({ column, cells, first }) => {
      columns[column] ??= [];
      const all = columns[column];
      while (all.length < first - 1) all.push(null);
      all.push(...Array.from(cells));
    },
    (bytes) => {
      expect(bytes).toBeGreaterThanOrEqual(last);
      last = bytes;
    },
  );
  expect(last).toBeCloseTo(table.bytes);
  return { rows, columns };
}

function parse(text: string, sizes: readonly number[], delimiter = ","): string[][] {
  const found: string[][] = [];
  const rows = new CsvRows(delimiter, (cells) => found.push(cells));
  let at = 0;
  for (const size of sizes) {
    rows.push(text.slice(at, at + size));
    at += size;
  }
  rows.push(text.slice(at));
  rows.end();
  return found;
}

describe("CSV", () => {
  test("comes back as it was written, however it is cut into parts", () => {
    const cell = fc.string({ unit: fc.constantFrom("a", "é", ",", '"', "\n", "\r", " ", "🚀"), maxLength: 6 });
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(
        table,
        fc.array(fc.nat(8)),
        fc.constantFrom("\n", "\r\n"),
        fc.boolean(),
        (rows, sizes, end, closed) => {
          const text = rows.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(",")).join(end);
          expect(parse(text + (closed ? end : ""), sizes)).toEqual(rows);
        },
      ),
    );
  });

  test("needs no quotes, takes other delimiters and passes over empty lines", () => {
    expect(parse('a;b\r\n\r\n1;"2;3"\n;\n', [3], ";")).toEqual([
      ["a", "b"],
      ["1", "2;3"],
      ["", ""],
    ]);
  });

  test.each([
    ['a,b\n"1,2\n3,4\n', "line 2: a quote is not closed"],
    ['a,b\n"1"x,2\n', "line 2: text follows the closing quote of cell 1"],
  ])("%j is refused: %s", (text, message) => expect(() => parse(text, [])).toThrow(message));

  test.each([
    ["a\tb|c\n1\t2\n", { a: ["1"], "b|c": ["2"] }],
    ["a;b\n1,5;2\n", { a: ["1,5"], b: ["2"] }],
    ['\uFEFF"a,x",b\n1,2\n', { "a,x": ["1"], b: ["2"] }],
  ])("of %j the header tells the delimiter", async (text, columns) => {
    expect((await read(fileOf("some.csv", text))).columns).toEqual(columns);
  });

  test.each([
    ["", "must have a header line"],
    ["a,a\n1,2\n", 'two columns have the name "a"'],
    ["a,,b\n1,2,3\n", "column 2 has no name"],
    ["a,b\n1,2\n3\n", "line 3 has 1 cells, the header has 2"],
  ])("a file that holds %j is refused: %s", async (text, message) => {
    await expect(read(fileOf("bad.csv", text))).rejects.toThrow(message);
  });

  test("that is not UTF-8 is refused", async () => {
    await expect(read(fileOf("latin1.csv", Buffer.from("a\ncaf\xe9\n", "latin1")))).rejects.toThrow("not UTF-8");
  });
});

function readText(text: string, nulls: string[] = []): Cell {
  const reading = { text_only: true, nulls: new Set(nulls) };
  return isNullCell(text, reading) ? null : (numberOfCell(text, reading, undefined) ?? text);
}

describe("a text cell", () => {
  test.each([
    ["1", 1],
    ["-1.5e3", -1500],
    [" 7 ", 7],
    ["007", 7],
    ["inf", Number.POSITIVE_INFINITY],
    ["-Infinity", Number.NEGATIVE_INFINITY],
    ["", null],
    ["  ", null],
    ["NaN", null],
    ["\\N", null],
    ["-", null],
    ["NA", "NA"],
    ["0x10", "0x10"],
    ["1,5", "1,5"],
  ])("%j is %j", (text, value) => expect(readText(text, ["-"])).toBe(value));
});

describe("the same rows", () => {
  const typed = (cells: Cell[]) =>
    cells.map((cell) => (typeof cell === "string" ? readText(cell) : typeof cell === "bigint" ? Number(cell) : cell));
  const comparable = (columns: Record<string, Cell[]>) => {
    const { age, amount, country, active, user_id } = columns;
    return { age: typed(age!), amount: typed(amount!), country, active: active!.map(String), user_id };
  };

  test("are read from CSV, gzipped NDJSON, JSON of rows, JSON of columns, and Parquet", async () => {
    const csv = await read(fixture("people.csv"));
    const ndjson = await read(fixture("people.ndjson"));
    const objects = Array.from({ length: 1000 }, (_, i) =>
      Object.fromEntries(Object.entries(ndjson.columns).map(([name, cells]) => [name, cells[i]])),
    );
    const others = [
      ndjson,
      await read(fileOf("p.ndjson.gz", gzipSync(objects.map((row) => JSON.stringify(row)).join("\n")))),
      await read(fileOf("rows.json", JSON.stringify(objects))),
      await read(fileOf("columns.json", JSON.stringify(ndjson.columns))),
      await read(fixture("people.parquet")),
    ];
    expect(csv.rows).toBe(1000);
    for (const other of others) {
      expect(other.rows).toBe(1000);
      expect(comparable(other.columns)).toEqual(comparable(csv.columns));
    }
  });

  test("are read from gzipped Parquet, lists being no plain values", async () => {
    const { columns } = await read(fixture("people-gzip.parquet"));
    expect(comparable(columns)).toEqual(comparable((await read(fixture("people.parquet"))).columns));
    expect([columns.born![0], columns.tags![0]]).toEqual([expect.any(Date), undefined]);
  });

  test("are read from ZSTD Parquet where Node can, and a clear error tells where it cannot", async () => {
    const reading = read(fixture("people-zstd.parquet"));
    if ("zstdDecompressSync" in zlib) expect((await reading).rows).toBe(1000);
    else await expect(reading).rejects.toThrow("ZSTD needs Node 22.15 or newer");
  });
});

test.each([
  ["no.parquet", "PAR1 but not really", "not a Parquet file"],
  ["no.json", '{"a": [1, 2], "b": [1]}', "different lengths"],
  ["no.json", "[1, 2]", "row 1 must be an object"],
  ["no.json", "{", "not JSON"],
  ["no.ndjson", '{"a": 1}\n[2]\n', "line 2: must be a JSON object"],
  ["no.csv.gz", "not gzip", "not a whole gzip file"],
])("%s that holds %j is refused: %s", async (name, text, message) => {
  await expect(read(fileOf(name, text))).rejects.toThrow(message);
});

test("what a row of NDJSON lacks is null, columns may come late", async () => {
  const file = fileOf("late.ndjson", '{"a": 1}\n\n{"b": "x"}\n{"a": 2, "b": null}\n');
  expect(await read(file)).toEqual({ rows: 3, columns: { a: [1, null, 2], b: [null, "x", null] } });
});
