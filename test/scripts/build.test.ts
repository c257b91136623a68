import { execFileSync } from "node:child_process";
import { readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { build } from "../../scripts/lib/build.mjs";
import { buildId, isBuilt } from "../../scripts/lib/build-stamp.mjs";
import { temporaryClone, write } from "./temporary-clone.ts";

const SOURCES = {
  "package.json": '{"type": "module"}',
  "package-lock.json": "{}",
  "tsconfig.json": "{}",
  "src/main.ts": 'console.log("one");',
};

/** A bundler that only writes its entry. */
const make = async (_root: string, outdir: string) => writeFileSync(path.join(outdir, "main.js"), "");

const builds = (root: string) => readdirSync(path.join(root, "dist")).filter((name) => name !== "main.js");

test("builds once, and again for every change of what goes in", async () => {
  const root = temporaryClone(SOURCES);
  expect(await build(root, { make })).toBe(true);
  expect(await build(root, { make })).toBe(false);
  const changes: [string, string][] = [
    ["src/main.ts", 'console.log("two");'],
    ["src/domain/new.ts", "export {};"],
    ["src/adapters/postgres/migrations/000001.sql", "select 1;"],
    ["package-lock.json", '{"packages": {}}'],
    ["scripts/lib/bundle.mjs", "// another recipe"],
  ];
  for (const [file, text] of changes) {
    write(root, file, text);
    expect(isBuilt(root), file).toBe(false);
    expect(await build(root, { make }), file).toBe(true);
  }
  rmSync(path.join(root, "src/domain/new.ts"));
  expect(isBuilt(root)).toBe(false);
});

test("a touched file, an editor's hidden file and a README change nothing", async () => {
  const root = temporaryClone(SOURCES);
  const id = buildId(root);
  utimesSync(path.join(root, "src/main.ts"), new Date(), new Date());
  write(root, "src/.main.ts.swp", "x");
  write(root, "README.md", "x");
  expect(buildId(root)).toBe(id);
});

test("moving text from one file to its neighbour is a change", () => {
  const one = temporaryClone({ ...SOURCES, "src/a.ts": "ab", "src/b.ts": "c" });
  const other = temporaryClone({ ...SOURCES, "src/a.ts": "a", "src/b.ts": "bc" });
  expect(buildId(one)).not.toBe(buildId(other));
});

test("a failed build leaves the former one in place, and no debris", async () => {
  const root = temporaryClone(SOURCES);
  await build(root, { make });
  const before = builds(root);
  write(root, "src/main.ts", "syntax error");
  const failing = () => Promise.reject(new Error("cannot bundle"));
  await expect(build(root, { make: failing })).rejects.toThrow("cannot bundle");
  expect(builds(root)).toEqual(before);
  expect(isBuilt(root)).toBe(false);
});

test("a deleted or damaged build is made again", async () => {
  const root = temporaryClone(SOURCES);
  await build(root, { make });
  rmSync(path.join(root, "dist", buildId(root), "main.js"));
  write(root, `dist/${buildId(root)}/chunk.js`, "");
  expect(await build(root, { make })).toBe(true);
  rmSync(path.join(root, "dist"), { recursive: true });
  expect(await build(root, { make })).toBe(true);
  expect(isBuilt(root)).toBe(true);
});

test("many builds at once end in one whole build", async () => {
  const root = temporaryClone(SOURCES);
  await Promise.all(Array.from({ length: 8 }, () => build(root, { make })));
  expect(builds(root)).toEqual([buildId(root)]);
  expect(isBuilt(root)).toBe(true);
});

test("keeps the newest three builds, for agents that still run from them", async () => {
  const root = temporaryClone(SOURCES);
  const ids: string[] = [];
  for (let i = 0; i < 5; i++) {
    write(root, "src/main.ts", `console.log(${i});`);
    await build(root, { make });
    ids.push(buildId(root));
    const then = new Date(Date.UTC(2024, 0, 1 + i));
    utimesSync(path.join(root, "dist", buildId(root)), then, then);
  }
  expect(builds(root).sort()).toEqual(ids.slice(2).sort());
});

test("the real bundle runs, finds its migrations, the arguments, CommonJS packages and lazy parts", async () => {
  const root = temporaryClone({
    ...SOURCES,
    "src/main.ts": `
      import pg from "pg";
      import { migrations } from "./adapters/postgres/migrations.ts";
      const { lazy } = await import("./lazy.ts");
      console.log(JSON.stringify([migrations(), lazy, typeof pg.Pool, process.argv.slice(2)]));`,
    "src/lazy.ts": 'export const lazy: string = "lazy";',
    "src/adapters/postgres/migrations.ts": `
      import { readdirSync } from "node:fs";
      export const migrations = () => readdirSync(new URL("./migrations/", import.meta.url));`,
    "src/adapters/postgres/migrations/000001.sql": "select 1;",
  });
  symlinkSync(path.resolve("node_modules"), path.join(root, "node_modules"));
  await build(root);
  rmSync(path.join(root, "src"), { recursive: true });
  const output = execFileSync(process.execPath, [path.join(root, "dist/main.js"), "keys", "list"], {
    encoding: "utf8",
  });
  expect(JSON.parse(output)).toEqual([["000001.sql"], "lazy", "function", ["keys", "list"]]);
});
