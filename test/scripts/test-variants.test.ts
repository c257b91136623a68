import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../../scripts/lib/root.mjs";
import { variants } from "../../scripts/lib/test-variants.mjs";

const names = (here: { node: string; majors: number[] }) => variants(here).map(({ name }) => name);

test("test:full leaves out the versions that npm test runs on", () => {
  const rest = ["page-10000", "postgres-16", "postgres-17", "postgres-18"];
  expect(names({ node: "20.19.0", majors: [15] })).toEqual([...rest, "node-22", "node-24"]);
  expect(names({ node: "22.1.0", majors: [13, 15] })).toEqual([...rest, "node-24"]);
  expect(names({ node: "24.1.0", majors: [15, 17] })).toEqual([
    ...["page-10000", "postgres-15", "postgres-16", "postgres-18", "node-22"],
  ]);
});

test("its parts name folders and files that are there", () => {
  for (const { args } of variants()) for (const path of args) expect(existsSync(join(root, path)), path).toBe(true);
});
