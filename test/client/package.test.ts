import { execFile } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import vm from "node:vm";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import { testAgentOf, testServer } from "../support/agent.ts";
import { temporaryDirectory } from "./support/bundle.ts";
import { storedRun } from "./support/stored.ts";

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, "../..");
const agent = await testAgentOf(await testServer());
const project = temporaryDirectory();
const MINUTES = 60_000;
const env = {
  PATH: process.env.PATH,
  HOME: project,
  SLUICE_URL: `http://127.0.0.1:${agent.port}`,
  SLUICE_SPOOL_DIR: path.join(project, "spool"),
};

/** Installed from the file alone, into an empty project, without a network. */
beforeAll(async () => {
  const { stdout } = await run(process.execPath, ["scripts/pack-client.mjs", "--out", project], { cwd: root });
  fs.writeFileSync(path.join(project, "package.json"), '{ "name": "empty", "private": true }');
  const install = ["install", "--offline", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
  await run("npm", [...install, stdout.trim()], { cwd: project, env });
}, 3 * MINUTES);

function write(name: string, text: string): string {
  fs.writeFileSync(path.join(project, name), text);
  return path.join(project, name);
}

const node = async (name: string, text: string) => run(process.execPath, [write(name, text)], { cwd: project, env });

async function typeErrors(names: string[], options: object): Promise<string> {
  const compilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    types: [],
    lib: ["es2022"],
    target: "es2022",
    ...options,
  };
  write("tsconfig.json", JSON.stringify({ compilerOptions, files: names }));
  const tsc = path.join(root, "node_modules/typescript/bin/tsc");
  return run(process.execPath, [tsc, "-p", project], { cwd: project, env }).then(
    ({ stdout }) => stdout,
    ({ stdout }: { stdout: string }) => stdout,
  );
}

const USE = (run_id: string) => `
const client = createClient({ flushDeadlineSeconds: 20 });
client.pipeline("packed").run((run) => run.records("load", 3), { run_id: "${run_id}" }).then(() => console.log("done"));
`;

describe("the package", () => {
  it("brings no other one, and says what it is", () => {
    expect(fs.readdirSync(path.join(project, "node_modules")).filter((name) => !name.startsWith("."))).toEqual([
      "@sluice",
    ]);
    const manifest = JSON.parse(
      fs.readFileSync(path.join(project, "node_modules/@sluice/client/package.json"), "utf8"),
    ) as Record<string, unknown>;
    expect(manifest).toMatchObject({ name: "@sluice/client", license: "Apache-2.0" });
    expect(manifest.dependencies).toBeUndefined();
  });

  it("carries nobody else's code, and stays small", () => {
    const folder = path.join(project, "node_modules/@sluice/client");
    for (const file of ["esm/index.js", "cjs/index.cjs", "edge/index.js"]) {
      const text = fs.readFileSync(path.join(folder, file), "utf8");
      // esbuild writes above each file of a bundle where it comes from.
      expect(text).toContain("// src/histogram/bin-values.ts");
      expect(text).not.toContain("node_modules");
      expect(gzipSync(text).length, file).toBeLessThan(35_000);
    }
  });

  it.each([
    ["import", "use.mjs", 'import { createClient } from "@sluice/client";'],
    ["require", "use.cjs", 'const { createClient } = require("@sluice/client");'],
    ["import() from CommonJS", "lazy.cjs", 'import("@sluice/client").then(({ createClient }) => {'],
  ])("works by %s", async (_, name, head) => {
    const run_id = name.replace(".", "_");
    const ended = await node(name, `${head}\n${USE(run_id)}${head.endsWith("{") ? "});" : ""}`);
    expect(ended).toEqual({ stdout: "done\n", stderr: "" });
    expect(await storedRun(agent, "packed", run_id)).toMatchObject({ status: "success", stages: [{ count: 3 }] });
  });

  it(
    "is typed for every way to resolve it, with nothing but the language itself",
    async () => {
      const text = `
      import { createClient, type Run, type Decision, GateBlocked, referenceFrom } from "@sluice/client";
      const client = createClient({ url: "http://127.0.0.1:9877", strict: true });
      const done: Promise<number> = client.pipeline("a").run(async (run: Run) => {
        run.quality("null_rate", 0.9, { threshold: 0.8, severity: "warn" });
        const five: number = run.timed("step", () => 5);
        await run.drift({ age: [1, null], kind: { categories: { a: 1 } }, size: new Float32Array(3) });
        return five;
      });
      const decision: Promise<Decision> = client.gate("a", { onUnreachable: "allow" }).check({ wait: "30s" });
      export { done, decision, GateBlocked, referenceFrom };
      // @ts-expect-error: a name is a text
      client.pipeline(5);
      // @ts-expect-error: no such policy
      client.gate("a", { onUnreachable: "ignore" });
    `;
      write("types.mts", text);
      write("types.cts", text);
      expect(await typeErrors(["types.mts", "types.cts"], { module: "nodenext" })).toBe("");
      expect(await typeErrors(["types.mts"], { module: "esnext", moduleResolution: "bundler" })).toBe("");
    },
    MINUTES,
  );

  it("runs where there is nothing of Node, as an edge runtime loads it", async () => {
    write("worker.mjs", 'export { createClient } from "@sluice/client";');
    const { outputFiles } = await build({
      absWorkingDir: project,
      entryPoints: ["worker.mjs"],
      bundle: true,
      write: false,
      format: "iife",
      globalName: "worker",
      platform: "neutral",
      conditions: ["workerd"],
    });
    const text = outputFiles[0]!.text;
    expect(text).not.toContain("node:");
    const { fetch, crypto, URL, URLSearchParams, TextEncoder, AbortController, performance } = globalThis;
    const web = {
      fetch,
      crypto,
      URL,
      URLSearchParams,
      TextEncoder,
      AbortController,
      performance,
      setTimeout,
      clearTimeout,
    };
    const context = vm.createContext({ ...web, url: env.SLUICE_URL });
    vm.runInContext(text, context);
    const stats = (await vm.runInContext(
      `(async () => {
        const client = worker.createClient({ url, flushDeadlineSeconds: 20, logger: { warn() {} } });
        await client.pipeline("edge").run((run) => run.records("load", 3), { run_id: "r1" });
        await client.flush();
        return client.stats();
      })()`,
      context,
    )) as object;
    expect(JSON.parse(JSON.stringify(stats))).toEqual({
      sent: 3,
      duplicates: 0,
      spooled: 0,
      dropped: 0,
      dead: 0,
      queued: 0,
      reduced: 0,
    });
    expect(await storedRun(agent, "edge", "r1")).toMatchObject({ status: "success" });
  });
});

describe("what is printed in the documentation", () => {
  const snippets = ["docs/clients/typescript.md", "src/client/README.md", "README.md"].flatMap((file) => {
    const text = fs.readFileSync(path.join(root, file), "utf8");
    const blocks = [...text.matchAll(/^```(js|ts)\n(.*?)^```$/gms)];
    return blocks
      .map(([, language = "", code = ""], i) => ({ name: `${file} ${i + 1}`, language, code }))
      .filter(({ code }) => code.includes("@sluice/client"));
  });
  const extension = { js: "mjs", ts: "mts" } as Record<string, string>;

  it("is there", () => expect(snippets.length).toBeGreaterThanOrEqual(6));

  it.each(snippets.filter(({ language }) => language === "js"))("$name runs as it stands", async ({ name, code }) => {
    const { stderr } = await node(`${name.replace(/\W/g, "_")}.mjs`, code);
    // A gate that finds no run of its own in a fresh agent says so; nothing else may be said.
    expect(stderr.replace(/^\w+ .*orders_daily.*\n/gm, "")).toBe("");
  });

  it(
    "type-checks",
    async () => {
      const names = snippets.map(({ name, language, code }) => {
        const file = `typed_${name.replace(/\W/g, "_")}.${extension[language]}`;
        write(file, code);
        return file;
      });
      const globals =
        "declare const console: { log(...args: unknown[]): void; error(...args: unknown[]): void };\ndeclare const process: { exitCode?: number };\n";
      write("globals.d.ts", globals);
      expect(await typeErrors(["globals.d.ts", ...names], { module: "nodenext", allowJs: true, checkJs: true })).toBe(
        "",
      );
    },
    MINUTES,
  );
});

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

const etl = (source = "orders.csv", more: Record<string, string> = {}): Promise<Ended> =>
  run(process.execPath, ["etl.mjs", source], { cwd: project, env: { ...env, ...more } }).then(
    (output) => ({ code: 0, ...output }),
    ({ code, stdout, stderr }: Ended) => ({ code, stdout, stderr }),
  );

/** The day's orders with something done to each line. */
function spoiled(name: string, change: (cells: string[], i: number) => string[] | null): string {
  const [head, ...lines] = fs.readFileSync(path.join(project, "orders.csv"), "utf8").trimEnd().split("\n");
  const changed = lines.flatMap((line, i) => change(line.split(","), i)?.join(",") ?? []);
  fs.writeFileSync(path.join(project, name), `${[head, ...changed].join("\n")}\n`);
  return name;
}

describe("the Node ETL of the examples", () => {
  beforeAll(() => fs.cpSync(path.join(root, "examples/node-etl"), project, { recursive: true }));

  it("loads the orders, reports what it did, and may be followed by the next step", async () => {
    const first = await etl("orders.csv", { AS_REFERENCE: "yes" });
    expect(first).toEqual({
      code: 0,
      stdout: "398 orders loaded into orders.ndjson\nthe next step may start\n",
      stderr: "",
    });
    expect(await etl()).toEqual(first);
    expect(fs.readFileSync(path.join(project, "orders.ndjson"), "utf8").trim().split("\n")).toHaveLength(398);
    const { items: runs } = (await agent.get("/v1/runs?pipeline_name=shop_orders")).body as {
      items: { run_id: string }[];
    };
    expect(runs).toHaveLength(2);
    const stored = (await storedRun(agent, "shop_orders", runs[0]!.run_id))!;
    expect(stored).toMatchObject({ status: "success", data_interval_end: "2026-11-21T00:00:00Z" });
    expect(stored.checks.map(({ check_name }) => check_name)).toEqual(["customer_known", "order_unique"]);
    const { body } = await agent.get("/v1/drift/shop_orders");
    const { items } = body as { items: { feature_name: string; verdict: string }[] };
    expect(items.map(({ feature_name, verdict }) => [feature_name, verdict]).sort()).toEqual([
      ["country", "stable"],
      ["euros", "stable"],
    ]);
  });

  it.each<[string, (cells: string[], i: number) => string[] | null, RegExp]>([
    ["half of the lines are gone", (cells, i) => (i % 2 === 0 ? cells : null), /block records_below_minimum: .*300/],
    ["the customers are gone", (cells) => [...cells.slice(0, 5), ""], /block quality_below_threshold: customer_known/],
    [
      "amounts grew tenfold",
      (cells) => [...cells.slice(0, 4), `${Number(cells[4]) * 10}`, cells[5]!],
      /block feature_drifted: .*euros/,
    ],
  ])("blocks the next step when %s, and says why", async (name, change, reason) => {
    const ended = await etl(spoiled(`${name.replaceAll(" ", "_")}.csv`, change));
    expect(ended).toMatchObject({ code: 20, stdout: expect.stringContaining("orders loaded") });
    expect(ended.stderr).toMatch(reason);
  });
});
