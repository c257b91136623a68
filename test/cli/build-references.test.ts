import { describe, expect, test } from "vitest";
import { type BuildOptions, buildReferences } from "../../src/cli/reference/build-references.ts";
import { SAMPLE_SIZE } from "../../src/cli/reference/column-profile.ts";
import { Reservoir } from "../../src/cli/reference/reservoir.ts";
import { openTable } from "../../src/cli/table-file/open-table.ts";
import { BATCH_ROWS, type Cell, type TableFile } from "../../src/cli/table-file/table-file.ts";
import type { FeatureKind } from "../../src/client/histogram/feature.ts";
import { referenceHistogram } from "../../src/domain/drift/histograms/reference-histogram.ts";
import { binValues } from "../../src/histogram/bin-values.ts";
import { referenceOf } from "../../src/histogram/summary/count-numbers.ts";

const ANY: BuildOptions = { features: null, kinds: new Map(), nulls: new Set() };
const build = (table: TableFile, options: Partial<BuildOptions> = {}) =>
  buildReferences(table, { ...ANY, ...options }, () => {});

/** A table that is made as it is read. */
function made(rows: number, columns: Record<string, (row: number) => Cell>, text_only = false): TableFile {
  return {
    text_only,
    bytes: rows,
    async read(visit) {
      for (let first = 0; first < rows; first += BATCH_ROWS) {
        const length = Math.min(BATCH_ROWS, rows - first);
        for (const [column, cell] of Object.entries(columns)) {
          visit({ column, cells: Array.from({ length }, (_, i) => cell(first + i)), first: first + 1 });
        }
      }
      return rows;
    },
  };
}

const ROWS = 400_000;
/** Exponential, mean 1, in no order. */
const skewed = (row: number) => -Math.log(((row * 7919) % ROWS) / ROWS + 1 / (2 * ROWS));

test("of a small file the histogram is the one that the agent makes of the values", async () => {
  const table = await openTable(`${import.meta.dirname}/tables/people.parquet`, {});
  const { references, skipped } = await build(table);
  const values: Cell[] = [];
  await table.read(
    ({ column, cells }) => {
      if (column === "age") values.push(...Array.from(cells));
    },
    () => {},
  );
  const agents = referenceHistogram({ values: values as (number | null)[] });
  expect(agents.ok && agents.value).toEqual(references.find(({ feature_name }) => feature_name === "age")!.histogram);
  expect(references.map(({ feature_name, rows, sampled }) => [feature_name, rows, sampled])).toEqual([
    ["age", 980, false],
    ["amount", 1000, false],
    ["country", 1000, false],
    ["active", 1000, false],
  ]);
  expect(skipped.map(({ column }) => column)).toEqual(["user_id"]);
});

describe("of a column with more values than the sample holds", () => {
  test("the edges are near the quantiles, the counts exact, and the outer edges those of all values", async () => {
    const [{ histogram, sampled } = expect.fail()] = (await build(made(ROWS, { x: skewed }))).references;
    const all = Float64Array.from({ length: ROWS }, (_, row) => skewed(row));
    if (histogram.kind !== "numeric") return expect.fail();
    expect(sampled).toBe(true);
    const counts = Array.from(histogram.counts);
    const edges = Array.from(histogram.edges);
    expect(counts).toEqual(Array.from(binValues(all, edges).counts));
    expect(counts.reduce((sum, count) => sum + count)).toBe(ROWS);
    // Three standard deviations of a share of 0.1 in the sample.
    const off = 3 * Math.sqrt((0.1 * 0.9) / SAMPLE_SIZE);
    // A thin bin and what is left of the bin beside it at either end, eight bins between.
    const shares = counts.map((count) => count / ROWS);
    const tenths = [shares[0]! + shares[1]!, ...shares.slice(2, -2), shares.at(-2)! + shares.at(-1)!];
    expect(tenths).toHaveLength(10);
    for (const share of tenths) expect(Math.abs(share - 0.1)).toBeLessThan(2 * off);
    for (const share of [shares[0]!, shares.at(-1)!]) expect(Math.abs(share - 0.01)).toBeLessThan(off);
    const whole = referenceOf(all).summary;
    const { quantiles, ...known } = histogram.summary!;
    const { quantiles: exact, distinct: _, mean, sd, ...counted } = whole;
    expect(known).toEqual({ ...counted, mean: expect.closeTo(mean!, 9), sd: expect.closeTo(sd!, 9) });
    expect(Math.abs(quantiles!["0.5"]! - exact!["0.5"]!)).toBeLessThan(0.02);
    expect([edges[0], edges.at(-1)]).toEqual([
      all.reduce((a, b) => Math.min(a, b)),
      all.reduce((a, b) => Math.max(a, b)),
    ]);
  });

  test("it is the same whenever it is made, so that it is the same version", async () => {
    const table = made(200_000, { x: skewed });
    expect(await build(table)).toEqual(await build(table));
  });

  test("nulls are counted wherever they stand", async () => {
    const text = (row: number) => (row % 10 === 0 ? "" : String(skewed(row)));
    const [{ histogram, rows } = expect.fail()] = (await build(made(200_000, { x: text }, true))).references;
    expect([rows, histogram.nulls]).toEqual([180_000, 20_000]);
    expect(Array.from(histogram.counts).reduce((sum, count) => sum + count)).toBe(180_000);
  });
});

describe("what a column is", () => {
  const one = async (cells: Cell[], options: Partial<BuildOptions> = {}, text_only = true) => {
    const { references, skipped } = await build(made(cells.length, { c: (row) => cells[row] }, text_only), options);
    return references[0]?.histogram ?? skipped[0]!.reason;
  };

  test("numbers as text are numbers, other texts are categories", async () => {
    expect(await one(["1", "2", "3"])).toMatchObject({ kind: "numeric" });
    expect(await one(["a", "b", "a", ""])).toMatchObject({
      kind: "categorical",
      categories: ["a", "b"],
      counts: Float64Array.of(2, 1),
      nulls: 1,
    });
    expect(await one([true, false, true], {}, false)).toMatchObject({ categories: ["true", "false"] });
  });

  const said = (kind: FeatureKind) => ({ kinds: new Map([["c", kind]]) });

  test("numbers are names where that is said, and keep their leading zeros", async () => {
    const histogram = await one(["01", "1", "01"], said("categorical"));
    expect(histogram).toMatchObject({ categories: ["1", "01"], counts: Float64Array.of(1, 2) });
  });

  test("a whole number is one name however it is written, unless the column holds identifiers", async () => {
    expect(await one(["2.0", "2", "", "3.0"], said("categorical"))).toMatchObject({ categories: ["2", "3"], nulls: 1 });
    expect(await one(["9007199254740993"], said("categorical"))).toMatchObject({ categories: ["9007199254740993"] });
    expect(await one([9007199254740993n], said("categorical"), false)).toMatchObject({
      categories: ["9007199254740993"],
    });
    expect(await one(["01", "2.0", "2"])).toMatchObject({ kind: "categorical", categories: ["2", "01", "2.0"] });
  });

  test("True, true and TRUE are one boolean, and 1 and 0 are too among them", async () => {
    const booleans = { kind: "categorical", categories: ["true", "false"], counts: Float64Array.of(3, 1), nulls: 1 };
    expect(await one(["True", "true", "TRUE", "false", ""])).toMatchObject(booleans);
    expect(await one([true, 1, 1, 0, null], {}, false)).toMatchObject(booleans);
    expect(await one(["1", "0"])).toMatchObject({ kind: "numeric" });
    expect(await one(["True", "maybe"])).toMatchObject({ categories: ["True", "maybe"] });
    expect(await one(["True", "0"], said("numeric"))).toMatchObject({ kind: "numeric" });
  });

  test("dates are skipped, or days where that is said", async () => {
    for (const dates of [
      ["2026-01-01", "2026-01-02 12:00:00", ""],
      [new Date(0), null],
    ] as Cell[][]) {
      expect(await one(dates, {}, typeof dates[0] === "string")).toContain("give --days NAME");
    }
    const days = await one(["1970-01-01", "1970-01-03", ""], said("days"));
    expect(days).toMatchObject({ kind: "numeric", nulls: 1 });
    expect(await one([new Date(0), new Date(2 * 86_400_000), null], said("days"), false)).toEqual(days);
    await expect(one(["1970-01-01", "soon"], said("days"))).rejects.toThrow('row 2 holds "soon", which is no date');
    await expect(one(["1", "soon"], said("numeric"))).rejects.toThrow('row 2 holds "soon", which is no number');
  });

  test("a text among numbers is asked about, with its row", async () => {
    await expect(one(["1", "2", "n/a"])).rejects.toThrow('column "c": row 3 holds "n/a" among numbers');
    expect(await one(["1", "2", "n/a"], { nulls: new Set(["n/a"]) })).toMatchObject({ kind: "numeric", nulls: 1 });
  });

  test("identifiers, lists and empty columns are skipped, or refused where they were named", async () => {
    const ids = Array.from({ length: 1001 }, (_, i) => `id-${i}`);
    expect(await one(ids)).toContain("more than 1000 different texts");
    expect(await one([undefined, 1], {}, false)).toContain("lists, objects");
    expect(await one(["", "NaN"])).toBe("holds no value");
    await expect(one(ids, { features: ["c"] })).rejects.toThrow("an identifier, not a feature");
  });

  test("a column that is not there is named, with those that are", async () => {
    await expect(one(["1"], { features: ["d"] })).rejects.toThrow('the file has no column "d"; it has "c"');
  });
});

test("a reservoir holds each value with the same chance", () => {
  const hits = new Array<number>(1000).fill(0);
  for (let seed = 1; seed <= 400; seed++) {
    const reservoir = new Reservoir(100, seed);
    for (let value = 0; value < 1000; value++) reservoir.push(value);
    for (const value of reservoir.values) hits[value]!++;
  }
  // Each is binomial(400, 0.1): mean 40, variance 36; chi-square with 999 degrees of freedom lies below 1150 but 1 time in 1000.
  const chiSquare = hits.reduce((sum, count) => sum + (count - 40) ** 2 / 36, 0);
  expect(chiSquare).toBeLessThan(1150);
  expect(hits.reduce((sum, count) => sum + count)).toBe(40_000);
});
