import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apiKey, startAgent, type TestAgent, testServer } from "../../support/agent.ts";
import { sluice } from "../edge.ts";

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

const run = (args: string[] = [], env: Record<string, string> = {}) =>
  sluice(["digest", ...args], directory, {
    SLUICE_URL: `http://127.0.0.1:${agent.port}`,
    SLUICE_API_KEY: reader.key,
    ...env,
  });

describe("sluice digest", () => {
  test("prints the digest of the day", async () => {
    const { code, out, err } = await run();
    expect([code, err]).toEqual([0, ""]);
    expect(out).toMatch(/^The day: 1 pipeline below its target\n/);
    expect(out).toMatch(/✗ orders +0\.00 % of 99 %/);
  });

  test("--preview writes the mail as a page, too", async () => {
    const { code, err } = await run(["--period", "week", "--preview"]);
    const file = join(directory, "sluice-digest.html");
    expect([code, err]).toEqual([0, `the mail as a page: ${file}\n`]);
    const page = await readFile(file, "utf8");
    expect(page).toContain("The week: 1 pipeline below its target");
    expect(page).toContain("data:image/svg+xml;base64,");
  });

  test.each([
    [["--team", "sales"], {}, 'sluice: the agent refused: team: "sales" given; none is configured (invalid_query)'],
    [["--period", "month"], {}, /--period.*month/],
    [[], { SLUICE_API_KEY: "" }, /^sluice: the agent refused: Authorization: missing/],
    [[], { SLUICE_URL: "http://127.0.0.1:9" }, /^sluice: the agent at http:\/\/127\.0\.0\.1:9 cannot be reached: /],
    [[], { SLUICE_URL: "" }, /^sluice: SLUICE_URL: missing/],
    [["--file", "no/such/folder.html"], {}, /^sluice: --file: .*folder\.html cannot be written \(ENOENT\)/],
  ] as [string[], Record<string, string>, string | RegExp][])(
    "%j with %o says what is wrong",
    async (args, env, said) => {
      const { code, err } = await run(args, env);
      expect(code).not.toBe(0);
      expect(err).toMatch(said);
    },
  );
});
