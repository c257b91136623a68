import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const manifest = JSON.parse(readFileSync("package.json", "utf8"));
const page = readFileSync("docs/dependencies.md", "utf8");

/** The first and second cell of the rows of all tables whose first column has this title. */
function rowsOf(title: string): [string, string][] {
  const tables = page.split("\n\n").filter((part) => part.startsWith(`| ${title} |`));
  return tables.flatMap((table) =>
    table
      .trimEnd()
      .split("\n")
      .slice(2)
      .map((row): [string, string] => {
        const [, name, reason] = /^\| `([^`]+)` \| (.+) \|$/.exec(row) ?? [];
        return [name ?? row, reason ?? ""];
      }),
  );
}

describe("docs/dependencies.md", () => {
  test("has a reason for every dependency of package.json, and for no other", () => {
    const { dependencies, devDependencies, optionalDependencies } = manifest;
    const rows = rowsOf("package");
    const known = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies });
    expect(rows.map(([name]) => name).sort()).toEqual(known.sort());
    for (const [name, reason] of rows) expect(reason, name).not.toBe("");
  });

  test("has a reason for every override, and for no other", () => {
    const rows = rowsOf("override");
    expect(rows.map(([name]) => name)).toEqual(Object.keys(manifest.overrides));
    for (const [name, reason] of rows) expect(reason, name).not.toBe("");
  });

  test("every version is exact, as the page says", () => {
    const { dependencies, devDependencies, optionalDependencies, overrides } = manifest;
    const versions = { ...dependencies, ...devDependencies, ...optionalDependencies, ...overrides };
    for (const [name, version] of Object.entries(versions)) expect(version, name).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
  });
});
