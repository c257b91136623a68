import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ADVISORY_LOCKS } from "../../../../src/adapters/postgres/connection/advisory-locks.ts";
import { startAgent, testServer } from "../../../support/agent.ts";

const server = await testServer();

test("each lock has a number of its own", () => {
  const numbers = Object.values(ADVISORY_LOCKS);
  expect(new Set(numbers).size).toBe(numbers.length);
});

test("no lock is taken by a number that is not in the table", () => {
  const folder = join(import.meta.dirname, "../../../../src/adapters/postgres");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => /\.(ts|sql)$/.test(file));
  const takers = files.filter((file) => /pg_\w*advisory\w*lock/.test(readFileSync(join(folder, file), "utf8")));
  expect(takers.sort()).toEqual([
    "history/partitions.ts",
    "migrate.ts",
    "notices/plan.ts",
    "replicas/agent-rows.ts",
    "sla/fold-months.ts",
  ]);
  for (const file of takers) expect(readFileSync(join(folder, file), "utf8")).toContain("ADVISORY_LOCKS.");
});

test("a report that needs a new month does not wait behind the plan of notices", async () => {
  const agent = await startAgent(server);
  try {
    const session = await agent.session();
    await session.query("BEGIN");
    await session.query("SELECT pg_advisory_xact_lock($1)", [ADVISORY_LOCKS.notice_plan]);
    const at = Date.now() / 1000 - 200 * 86_400;
    const month = new Date(at * 1000).toISOString().slice(0, 7).replace("-", "_");
    const there = `SELECT to_regclass('quality_result_${month}') IS NOT NULL AS there`;
    expect(await agent.query(there)).toEqual([{ there: false }]);
    const answer = await agent.post("/v1/quality", { pipeline_name: "p", check_name: "c", score: 1, at });
    expect(answer.status).toBe(200);
    expect(await agent.query(there)).toEqual([{ there: true }]);
    await session.query("ROLLBACK");
  } finally {
    await agent.stop();
  }
});
