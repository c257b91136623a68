import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type DigestOptions, digest } from "../../src/cli/digest.ts";
import { apiKey, startAgent, type TestAgent, testServer } from "../support/agent.ts";

const reader = apiKey("reader", ["read", "report"]);
let agent: TestAgent;
let directory: string;
beforeAll(async () => {
  agent = await startAgent(await testServer(), { keys: [reader.entry] });
  const headers = { authorization: `Bearer ${reader.key}` };
  const check = { pipeline_name: "orders", check_name: "null_rate", score: 0.5, run_id: "r" };
  expect((await agent.post("/v1/quality", check, headers)).status).toBe(200);
  directory = await mkdtemp(join(tmpdir(), "sluice-digest-"));
});
afterAll(async () => {
  await agent.stop();
  await rm(directory, { recursive: true, force: true });
});

async function run(options: DigestOptions, env: Record<string, string> = {}) {
  const said = { out: "", err: "" };
  const code = await digest(options, {
    env: { SLUICE_URL: `http://127.0.0.1:${agent.port}/`, SLUICE_API_KEY: reader.key, ...env },
    directory,
    out: (text) => {
      said.out += `${text}\n`;
    },
    err: (text) => {
      said.err += `${text}\n`;
    },
    stopRequested: () => new Promise(() => {}),
    onReload: () => () => {},
  });
  return { code, ...said };
}

describe("sluice digest", () => {
  test("prints the digest of the day", async () => {
    const { code, out, err } = await run({});
    expect([code, err]).toEqual([0, ""]);
    expect(out).toMatch(/^The day: 1 pipeline below its target\n/);
    expect(out).toMatch(/✗ orders +0\.00 % of 99 %/);
  });

  test("--preview writes the mail as a page, too", async () => {
    const { code, err } = await run({ period: "week", preview: true });
    const file = join(directory, "sluice-digest.html");
    expect([code, err]).toEqual([0, `the mail as a page: ${file}\n`]);
    const page = await readFile(file, "utf8");
    expect(page).toContain("The week: 1 pipeline below its target");
    expect(page).toContain("data:image/svg+xml;base64,");
  });

  test.each([
    [{ team: "sales" }, {}, 'the agent refused: team: "sales" given; none is configured (invalid_query)'],
    [{ period: "month" }, {}, 'the agent refused: period: "month" given; must be one of day, week (invalid_query)'],
    [{}, { SLUICE_API_KEY: "" }, /^the agent refused: Authorization: missing/],
    [{}, { SLUICE_URL: "http://127.0.0.1:9" }, /^the agent at http:\/\/127\.0\.0\.1:9 cannot be reached: /],
    [{}, { SLUICE_URL: "" }, "SLUICE_URL: must be the agent's address such as http://127.0.0.1:9877"],
    [{ file: "no/such/folder.html" }, {}, /^--file: .*folder\.html cannot be written \(ENOENT\)$/],
  ])("%o with %o says what is wrong", async (options, env, message) => {
    await expect(run(options, env)).rejects.toThrow(message);
  });
});
