import { createServer } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../python/support/python-tools.ts";
import { testAgentOf, testServer } from "../support/agent.ts";
import { ASKERS } from "./askers.ts";
import { urlOf } from "./clients.ts";
import { SCENARIOS, type Scenario, YAML } from "./scenarios.ts";
import { type Row, tableOf } from "./table.ts";

const agent = await testAgentOf(await testServer(), { yaml: YAML });
const rows: Row[] = [];

async function ask(url: string, { what, pipeline_name, run_id }: Omit<Scenario, "arrange" | "cell">): Promise<Row> {
  const cells: Row["cells"] = {};
  for (const [asker, mayGoOn] of Object.entries(ASKERS)) {
    cells[asker] = (await mayGoOn(url, { pipeline_name, run_id })) ? "open" : "closed";
  }
  return { what, cells, reasons: url === urlOf(agent) ? await reasonsOf(pipeline_name, run_id) : [] };
}

async function reasonsOf(pipeline_name: string, run_id: string | undefined): Promise<string[]> {
  const query = run_id === undefined ? "" : `?run_id=${run_id}`;
  const { body } = await agent.get(`/v1/gates/${pipeline_name}${query}`);
  const { decision, reasons } = body as { decision: string; reasons: { code: string }[] };
  return [decision, ...new Set(reasons.map(({ code }) => code))];
}

test.each(SCENARIOS)("$what: $cell for everybody who asks", async ({ arrange, cell, ...scenario }) => {
  await arrange(agent);
  const row = await ask(urlOf(agent), scenario);
  rows.push(row);
  expect(row.cells).toEqual(Object.fromEntries(Object.keys(ASKERS).map((asker) => [asker, cell])));
});

test("the agent cannot be reached: closed for everybody who asks", async () => {
  const row = await ask(`http://127.0.0.1:${await closedPort()}`, {
    what: "the agent cannot be reached",
    pipeline_name: "passed",
  });
  rows.push(row);
  expect(new Set(Object.values(row.cells))).toEqual(new Set(["closed"]));
});

test("docs/absence.md is this table", async () => {
  expect(rows).toHaveLength(SCENARIOS.length + 1);
  await expect(tableOf(rows)).toMatchFileSnapshot(join(ROOT, "docs/absence.md"));
});

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as { port: number };
  await new Promise((closed) => server.close(closed));
  return port;
}
