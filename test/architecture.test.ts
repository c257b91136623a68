import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { madeUpSources, readSources } from "./support/architecture/read-sources.ts";
import {
  crowdedFolders,
  crumbs,
  deepFiles,
  environmentReaders,
  groundImports,
  importCycles,
  impurities,
  keysByHand,
  longFiles,
  sameNames,
  wrongImports,
} from "./support/architecture/rules.ts";
import { unheardIn, unheardPromises } from "./support/architecture/unheard-promises.ts";

describe("src", () => {
  const sources = readSources(fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, ""));

  test("is read at all", () => {
    expect(sources.map(({ file }) => file)).toContain("src/main.ts");
    expect(sources.flatMap(({ imports }) => imports).length).toBeGreaterThan(sources.length / 2);
  });
  test("each room imports only what it may", () => expect(wrongImports(sources)).toEqual([]));
  test("no file imports itself by a detour", () => expect(importCycles(sources)).toEqual([]));
  test("every file is short, or says why it is not", () => expect(longFiles(sources)).toEqual([]));
  test("the wiring of the whole agent is below 120 lines", () => {
    expect(sources.find(({ file }) => file === "src/app/app.ts")!.lines.length).toBeLessThan(120);
  });
  test("no short file serves one other file of its folder alone", () => expect(crumbs(sources)).toEqual([]));
  test("no folder holds more files than a reader takes in", () => expect(crowdedFolders(sources)).toEqual([]));
  test("no file lies deeper than a reader follows", () => expect(deepFiles(sources)).toEqual([]));
  test("the ground imports nothing outside itself", () => expect(groundImports(sources)).toEqual([]));
  test("no two exported types have one name", () => expect(sameNames(sources)).toEqual([]));
  test("names are joined into keys in one place", () => expect(keysByHand(sources)).toEqual([]));
  test("only the configuration and the process edge read the environment", () => {
    expect(environmentReaders(sources)).toEqual([]);
  });
  test("contract and domain are pure", () => expect(impurities(sources)).toEqual([]));
});

describe("the checker", () => {
  const inDomain = (text: string) => madeUpSources({ "src/domain/x.ts": text });

  test("names file, target and what the room may import", () => {
    expect(wrongImports(inDomain('import { y } from "../adapters/y.ts";'))).toEqual([
      "src/domain/x.ts imports src/adapters/y.ts: domain may import only histogram, errors",
    ]);
  });

  test.each([
    ["a value", 'import { y } from "../service/y.ts";'],
    ["a namespace", 'import * as y from "../service/y.ts";'],
    ["an effect", 'import "../service/y.ts";'],
    ["a type", 'import type { Y } from "../service/y.ts";'],
    ["an inline type", 'import { type Y } from "../service/y.ts";'],
    ["a re-export", 'export { y } from "../service/y.ts";'],
    ["a re-export of types", 'export type { Y } from "../service/y.ts";'],
    ["a re-export of everything", 'export * from "../service/y.ts";'],
    ["an import type expression", 'export type Y = import("../service/y.ts").Y;'],
    ["a lazy import", 'export const y = () => import("../service/y.ts");'],
    ["an import over several lines", 'import {\n  a,\n  b,\n} from "../service/y.ts";'],
    ["an import after a regular expression with a quote", 'const r = /"/;\nimport { y } from "../service/y.ts";'],
  ])("sees %s", (_what, text) => expect(wrongImports(inDomain(text))).toHaveLength(1));

  test("sees no import in comments, strings and regular expressions", () => {
    const text =
      '// import "../service/y.ts";\nexport const s = `import "../service/y.ts"`;\nexport const r = /import ".a"/;';
    expect(wrongImports(inDomain(text))).toEqual([]);
  });

  test("a room that may import types may not import values", () => {
    const files = (text: string) => madeUpSources({ "src/http/x.ts": text });
    expect(wrongImports(files('import type { Store } from "../ports.ts";'))).toEqual([]);
    expect(wrongImports(files('import { type Store, type Log } from "../ports.ts";'))).toEqual([]);
    expect(wrongImports(files('import { type Store, StoreError } from "../ports.ts";'))).toHaveLength(1);
    expect(wrongImports(files('import {} from "../ports.ts";'))).toHaveLength(1);
  });

  test("the client brings nothing of ours along at run time", () => {
    expect(
      wrongImports(madeUpSources({ "src/client/x.ts": 'import { Report } from "../contract/reports.ts";' })),
    ).toEqual([
      "src/client/x.ts imports src/contract/reports.ts: client may import only histogram, types of contract, errors",
    ]);
  });

  test("only serve and migrate of the command line may import app", () => {
    const text = 'import { createApp } from "../app.ts";';
    expect(wrongImports(madeUpSources({ "src/cli/agent/serve.ts": text, "src/cli/agent/migrate.ts": text }))).toEqual(
      [],
    );
    expect(wrongImports(madeUpSources({ "src/cli/gate.ts": text }))).toHaveLength(1);
  });

  test("refuses unknown rooms, ways out of src, and paths computed at run time", () => {
    expect(wrongImports(madeUpSources({ "src/utils/x.ts": 'import "./y.ts";' }))).toHaveLength(1);
    expect(wrongImports(inDomain('import { y } from "../utils/y.ts";'))).toHaveLength(1);
    expect(wrongImports(inDomain('import { y } from "../../test/y.ts";'))).toHaveLength(1);
    expect(wrongImports(madeUpSources({ "src/app.ts": "const f = './a.ts'; await import(f);" }))).toHaveLength(1);
  });

  test("holds rooms to their packages, and lazy imports to ES modules", () => {
    expect(wrongImports(inDomain('import pg from "pg";'))).toEqual([
      "src/domain/x.ts imports pg: domain may use only @stdlib/, simple-statistics",
    ]);
    expect(wrongImports(inDomain('import { mean } from "simple-statistics";'))).toEqual([]);
    expect(wrongImports(inDomain('import cdf from "@stdlib/stats-base-dists-chisquare-cdf";'))).toEqual([]);
    expect(wrongImports(madeUpSources({ "src/contract/x.ts": 'import { Value } from "typebox/value";' }))).toEqual([]);
    expect(wrongImports(madeUpSources({ "src/client/x.ts": 'import fs from "node:fs";' }))).toEqual([]);
    expect(wrongImports(madeUpSources({ "src/adapters/x.ts": 'await import("pg");' }))).toHaveLength(1);
    expect(wrongImports(madeUpSources({ "src/adapters/x.ts": 'await import("@opentelemetry/api");' }))).toEqual([]);
  });

  test("finds a cycle, and shows its chain", () => {
    const sources = madeUpSources({
      "src/domain/a.ts": 'import { b } from "./b.ts"; export const a = b;',
      "src/domain/b.ts": 'import type { C } from "./c.ts"; export const b = 1 as C;',
      "src/domain/c.ts": 'import { a } from "./a.ts"; export type C = typeof a;',
      "src/domain/d.ts": 'import { a } from "./a.ts"; export const d = a;',
    });
    expect(importCycles(sources)).toEqual(["src/domain/a.ts → src/domain/b.ts → src/domain/c.ts → src/domain/a.ts"]);
    expect(importCycles(sources.filter(({ file }) => file !== "src/domain/c.ts"))).toEqual([]);
  });

  test("finds a long file without a reason", () => {
    const lines = (count: number) => "export {};\n".repeat(count);
    const sources = madeUpSources({
      "src/domain/short.ts": lines(250),
      "src/domain/long.ts": lines(251),
      "src/domain/reasoned.ts": `// long: one table\n${lines(251)}`,
      "src/domain/unreasoned.ts": `// long:\n${lines(251)}`,
    });
    expect(longFiles(sources).map((sentence) => sentence.split(" ")[0])).toEqual([
      "src/domain/long.ts",
      "src/domain/unreasoned.ts",
    ]);
  });

  test("finds a crowded folder, and lets one be that says why", () => {
    const many = (folder: string, count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`${folder}/f${at}.ts`, "export {};"]));
    expect(crowdedFolders(madeUpSources(many("src/domain/a", 12)))).toEqual([]);
    expect(crowdedFolders(madeUpSources(many("src/domain/a", 13)))).toEqual([
      "src/domain/a holds 13 files: group them by concept (at most 12)",
    ]);
    expect(crowdedFolders(madeUpSources(many("src/domain/gate/checks", 13)))).toEqual([]);
  });

  test("finds a short file that one file of its folder imports", () => {
    const lines = (count: number) => "export const x = 1;\n".repeat(count);
    const sources = madeUpSources({
      "src/domain/a.ts":
        'import "./short.ts"; import "./long.ts"; import "./shared.ts"; import "./x/far.ts"; import("./lazy.ts");',
      "src/domain/b.ts": 'import "./shared.ts";',
      "src/domain/short.ts": lines(19),
      "src/domain/long.ts": lines(20),
      "src/domain/shared.ts": lines(19),
      "src/domain/lazy.ts": lines(19),
      "src/domain/x/far.ts": lines(19),
    });
    expect(crumbs(sources)).toEqual([
      "src/domain/short.ts has 19 lines and only src/domain/a.ts imports it: put it there (from 20 on it may stay)",
    ]);
  });

  test("finds a file that lies too deep", () => {
    expect(deepFiles(madeUpSources({ "src/a/b/c/d/x.ts": "export {};" }))).toEqual([]);
    expect(deepFiles(madeUpSources({ "src/a/b/c/d/e/x.ts": "export {};" }))).toEqual([
      "src/a/b/c/d/e/x.ts lies 6 folders deep (at most 5)",
    ]);
  });

  test("finds ground that stands on something", () => {
    const sources = madeUpSources({
      "src/domain/words/a.ts": 'import { b } from "./b.ts"; export const a = b;',
      "src/domain/words/b.ts": 'import { run } from "../runs/run.ts"; export const b = run;',
      "src/domain/runs/run.ts": "export const run = 1;",
    });
    expect(groundImports(sources)).toEqual([
      "src/domain/words/b.ts imports src/domain/runs/run.ts: src/domain/words imports nothing outside itself",
    ]);
  });

  test("finds two exported types of one name, and passes over re-exports and what is not exported", () => {
    const sources = madeUpSources({
      "src/domain/a.ts":
        "export interface Run { at: number }\nexport type Gate = string;\ninterface Own { at: number }",
      "src/domain/b.ts": 'export type { Run } from "./a.ts";\nexport interface Own { at: string }',
      "src/client/c.ts": "export class Run {}\nexport const Gate = 1;",
    });
    expect(sameNames(sources)).toEqual([
      "Run is exported by src/domain/a.ts and src/client/c.ts: one word for one thing",
    ]);
  });

  test("finds a key that is joined by hand", () => {
    const sources = madeUpSources({ "src/domain/x.ts": `export const key = (a: string) => \`\${a}\\u0000b\`;` });
    expect(keysByHand(sources)).toEqual(["src/domain/x.ts joins names by hand: use join of domain/words/key.ts"]);
  });

  test("finds who reads the environment", () => {
    const text = "export const x = process.env.X;";
    expect(environmentReaders(madeUpSources({ "src/service/x.ts": text }))).toHaveLength(1);
    expect(
      environmentReaders(madeUpSources({ "src/service/x.ts": 'import { env } from "node:process";' })),
    ).toHaveLength(1);
    expect(
      environmentReaders(madeUpSources({ "src/config.ts": text, "src/config/read.ts": text, "src/main.ts": text })),
    ).toEqual([]);
  });

  test.each([
    ["Date.now", "export const x = Date.now();"],
    ["Date.now", "export const x = Date.now;"],
    ["new Date()", "export const x = new Date();"],
    ["Date()", "export const x = Date();"],
    ["Math.random", "export const x = Math.random();"],
    ["performance.now", "export const x = performance.now();"],
    ["process.argv", "export const x = process.argv;"],
    ["process", "export const { pid } = process;"],
    ["process", 'export const pid = process["pid"];'],
    ["console.log", 'console.log("x");'],
    ["setTimeout", "setTimeout(() => {}, 1);"],
  ])("finds %s in a pure room", (taken, text) => {
    expect(impurities(inDomain(text))).toEqual([
      `src/domain/x.ts uses ${taken}: domain is pure, so time, chance and output are handed in`,
    ]);
  });

  test("lets a pure room handle given times, and words that only look like the world", () => {
    const text =
      "export const f = (at: string, o: { process: number }) => [new Date(at), Date.parse(at), o.process, { console: 1 }];";
    expect(impurities(inDomain(text))).toEqual([]);
    expect(impurities(madeUpSources({ "src/service/x.ts": "export const x = Date.now();" }))).toEqual([]);
  });
});

describe("a promise that is not waited for where it is made", () => {
  // What runs in a browser or in somebody else's process ends no agent.
  const elsewhere = (file: string) => file.startsWith("src/page/") || file.startsWith("src/client/");

  test("is eager, hears its failure, or cannot fail", () => {
    const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");
    expect(unheardPromises(root, elsewhere)).toEqual([]);
  });

  const world = `
    interface Promise<T> { then<A>(done: (value: T) => A, failed?: (error: unknown) => A): Promise<A>; catch(failed: () => void): Promise<T>; finally(work: () => void): Promise<T>; }
    interface Array<T> { length: number }
    declare const Promise: { all(all: unknown[]): Promise<unknown[]> };
    declare function eager<T>(promise: Promise<T>): Promise<T>;
    declare function work(): Promise<number>;
    declare function use(one: unknown): void;
    declare function together(asked: object): Promise<unknown>;`;
  const unheard = (text: string) =>
    unheardIn({ "src/x.ts": `${world}\nexport async function f() {\n${text}\n}` }).length;

  test.each([
    ["in a variable", "const a = work(); await 1; await a;"],
    ["in a field of what is handed on", "use({ written: Promise.all([work(), work()]) });"],
    ["as an argument", "use(work());"],
    ["deeper in what is asked for together", "await together({ a: { b: work() } });"],
    ["as all that is asked for together", "use(together({ a: work() }));"],
    ["on one branch", "const a = 1 ? work() : null; await a;"],
    ["dropped", "work();"],
    ["dropped and said so", "void work();"],
    ["behind a catch that comes too early", "const a = work().catch(() => {}).then(() => work()); await a;"],
  ])("is seen %s", (_where, text) => expect(unheard(text)).toBeGreaterThan(0));

  test.each([
    ["is waited for", "await work();"],
    ["is given back", "return work();"],
    ["is waited for with others", "await Promise.all([work(), work()]);"],
    ["is waited for with others by name", "await together({ a: work(), b: 1 ? work() : null });"],
    ["is eager", "const a = eager(Promise.all([work(), work()])); await a;"],
    ["hears its failure", "work().catch(() => {});"],
    ["hears its failure and tidies up", "work().catch(() => {}).finally(() => {});"],
    ["goes on either way", "const a = work().then(() => 1, () => 2); await a;"],
  ])("is let alone where it %s", (_where, text) => expect(unheard(text)).toBe(0));
});
