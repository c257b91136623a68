import { execFile } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { testAgentOf, testServer } from "../support/agent.ts";
import { temporaryDirectory } from "./support/bundle.ts";
import { storedRun } from "./support/stored.ts";

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, "../..");
const agent = await testAgentOf(await testServer());
const project = temporaryDirectory();
const { PATH } = process.env;
const env = {
  PATH,
  HOME: project,
  SLUICE_URL: `http://127.0.0.1:${agent.port}`,
  SLUICE_SPOOL_DIR: path.join(project, "spool"),
};

beforeAll(async () => {
  const { stdout } = await run(process.execPath, ["scripts/pack-client.mjs", "--out", project], { cwd: root });
  fs.cpSync(path.join(root, "examples/node-etl"), project, { recursive: true });
  fs.writeFileSync(path.join(project, "package.json"), '{ "private": true }');
  await run("npm", ["install", "--offline", "--no-audit", "--no-fund", "--loglevel=error", stdout.trim()], {
    cwd: project,
    env,
  });
}, 180_000);

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
  it("loads the orders, reports what it did, and may be followed by the next step", async () => {
    const first = await etl("orders.csv", { AS_REFERENCE: "yes" });
    expect(first).toEqual({
      code: 0,
      stdout: "398 orders loaded into orders.ndjson\nthe next step may start\n",
      stderr: "",
    });
    expect(await etl()).toEqual(first);
    expect(fs.readFileSync(path.join(project, "orders.ndjson"), "utf8").trim().split("\n")).toHaveLength(398);
    const { items: runs } = (await agent.get("/v1/runs?pipeline_name=orders_daily")).body as {
      items: { run_id: string }[];
    };
    expect(runs).toHaveLength(2);
    const stored = (await storedRun(agent, "orders_daily", runs[0]!.run_id))!;
    expect(stored).toMatchObject({ status: "success", data_interval_end: "2026-11-21T00:00:00Z" });
    expect(stored.checks.map(({ check_name }) => check_name)).toEqual(["customer_known", "order_unique"]);
    const { body } = await agent.get("/v1/drift/orders_daily");
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
