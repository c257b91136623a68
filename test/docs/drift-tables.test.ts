import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { driftTables, PAGE, withTables } from "../../bench/drift-tables.ts";

const page = readFileSync(path.resolve(import.meta.dirname, "../..", PAGE), "utf8");

describe("docs/drift.md", () => {
  it("has the tables that are computed; `npm run bench -- drift-tables --write` puts them there", () => {
    expect(withTables(page, driftTables())).toBe(page);
  });

  it("has a place for each table and a table for each place", () => {
    expect(() => withTables(page, {})).toThrow("which is not computed");
    const places = Object.fromEntries([...page.matchAll(/<!-- table: (.+?) -->/g)].map(([, name]) => [name, ""]));
    expect(() => withTables(page, { ...places, another: "" })).toThrow("has no place for another");
  });
});
