import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { REPORT_KINDS } from "../../src/contract/reports.ts";
import { KINDS } from "../../src/domain/commit/kinds.ts";

const [, list] = readFileSync("CONTRIBUTING.md", "utf8").split("## Add a report kind\n");

test("every file that the list of a new report kind names is there, for each kind that there is", () => {
  const paths = [...list!.matchAll(/`([\w<>/.-]+\/[\w<>.-]*)`/g)].map(([, path]) => path!);
  expect(paths.length).toBeGreaterThan(12);
  // The rows of runs are spread over more than their totals.
  const files = Object.keys(KINDS).map((kind) => ({ kind, table: kind === "run" ? "run-totals" : kind }));
  const missing = files.flatMap(({ kind, table }) =>
    paths
      .map((path) => path.replace("<kind>", path.includes("tables/") ? table : kind))
      .filter((path) => !existsSync(path)),
  );
  expect(missing).toEqual([]);
});

test("the kinds of the wire are those of the domain", () => {
  expect([...REPORT_KINDS].sort()).toEqual(Object.keys(KINDS).sort());
});
