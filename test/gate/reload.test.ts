import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiKeyConfig, ConfigError, loadConfig } from "../../src/config.ts";
import {
  apiKey,
  bearer,
  filesWith,
  newDatabase,
  startAgent,
  type TestAgent,
  takeLog,
  testServer,
} from "../support/agent.ts";
import { startShippedAgent } from "../support/shipped-agent.ts";
import { Story } from "./story.ts";

const server = await testServer();
const PATIENT = { timeout: 300_000 };

let agent: TestAgent;
let directory: string;
let file: string;
let askAgain: () => void = () => {};

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), "sluice-reload-"));
  file = path.join(directory, "sluice.yaml");
  writeFileSync(file, "gate: {}\n");
  let text = "gate: {}\n";
  agent = await startAgent(server, {
    reloads: {
      load: () => loadConfig({}, filesWith(text)).config,
      file: null,
      onRequest: (listener) => {
        askAgain = listener;
        return () => {};
      },
    },
  });
  write = (next) => {
    text = next;
    askAgain();
  };
});
afterAll(async () => {
  await agent.stop();
  rmSync(directory, { recursive: true });
});

let write: (yaml: string) => void;

test("a changed policy decides every gate anew, and the history says that it was the policy", async () => {
  const story = new Story(agent, "orders");
  await story.quality("1", 0.94);
  await story.run("1", "success");
  expect(await story.says()).toBe("block: quality_below_threshold");
  write("gate:\n  policies:\n    - pipeline_name: ord*\n      quality: {failed: warn}\n");
  await expect.poll(() => story.says(), PATIENT).toBe("warn: quality_below_threshold");
  const history = (await agent.get("/v1/gates/orders/history")).body as { items: { cause: string }[] };
  expect(history.items[0]).toMatchObject({ cause: "policy", decision: "warn" });
});

test("a wrong one is refused as a whole, and the one from before holds", async () => {
  const story = new Story(agent, "orders");
  const before = await story.gate();
  write("gate:\n  policies:\n    - pipeline_name: ord*\n      quality: {failed: block, minimum: 95}\n");
  await expect
    .poll(async () => (await agent.get("/metrics")).text, PATIENT)
    .toMatch(/^sluice_config_last_reload_successful 0$/m);
  expect(await story.gate()).toEqual(before);
  write("gate: {}\n");
  await expect
    .poll(async () => (await agent.get("/metrics")).text, PATIENT)
    .toMatch(/^sluice_config_last_reload_successful 1$/m);
  await expect.poll(() => story.says(), PATIENT).toBe("block: quality_below_threshold");
});

test("changed API keys hold from the next request on, and a wrong file changes none", async () => {
  const old = apiKey("old", ["read"]);
  const next = apiKey("next", ["read"]);
  const yaml = (...keys: ApiKeyConfig[]) =>
    `api_keys:\n${keys.map(({ name, hash, roles }) => `  - {name: ${name}, hash: ${hash}, roles: [${roles}]}\n`).join("")}`;
  const status = async ({ key }: { key: string }) => (await agent.get("/v1/pipelines", bearer(key))).status;
  const withoutKey = async () => (await agent.get("/v1/pipelines")).status;
  expect(await withoutKey()).toBe(200);
  write(yaml(old.entry));
  await expect.poll(withoutKey, PATIENT).toBe(401);
  expect(await status(old)).toBe(200);
  expect(await status(next)).toBe(401);
  write(yaml(next.entry));
  await expect.poll(() => status(old), PATIENT).toBe(401);
  expect(await status(next)).toBe(200);
  takeLog();
  write(`${yaml(old.entry)}gate: {on_unknwon: allow}\n`);
  await expect.poll(() => takeLog().map(({ msg }) => msg), PATIENT).toContainEqual(expect.stringContaining("is wrong"));
  expect(await status(old)).toBe(401);
  expect(await status(next)).toBe(200);
  write("gate: {}\n");
  await expect.poll(withoutKey, PATIENT).toBe(200);
});

test("the problems name line and key", () => {
  const wrong =
    "gate:\n  policies:\n    - pipeline_name: a\n      depends_on: [b]\n    - pipeline_name: b\n      depends_on: [a]\n";
  expect(() => loadConfig({}, filesWith(wrong))).toThrow(ConfigError);
  expect(() => loadConfig({}, filesWith(wrong))).toThrow(/sluice\.yaml:\d+:\d+.*depends_on.*a.*b/s);
});

test("a running agent reads its file again when it changes, and on SIGHUP", async () => {
  writeFileSync(file, "gate: {}\n");
  const running = await startShippedAgent({ config: file, database_url: await newDatabase(server), directory });
  const { said } = running;
  let code: number | null;
  try {
    const times = () => said().split("the configuration was read again").length - 1;
    writeFileSync(file, "gate:\n  on_unknown: allow\n");
    await expect.poll(times, PATIENT).toBe(1);
    running.signal("SIGHUP");
    await expect.poll(times, PATIENT).toBe(2);
    writeFileSync(file, "gate:\n  on_unknwon: allow\n");
    await expect.poll(said, PATIENT).toContain("all that held before holds");
  } finally {
    code = await running.stop();
  }
  expect(code).toBe(0);
});
