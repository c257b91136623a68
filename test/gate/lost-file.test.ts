import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { filesOnDisk, loadConfig, reloading } from "../../src/config.ts";
import { startAgent, type TestAgent, takeLog, testServer } from "../support/agent.ts";
import { Story } from "./story.ts";

const server = await testServer();
const PATIENT = { timeout: 300_000 };
const directory = mkdtempSync(path.join(tmpdir(), "sluice-lost-"));
const policy = (minimum: number) => `# Policies of this agent.
gate:
  policies:
    - pipeline_name: orders
      quality: {checks: [{check_name: null_rate, minimum: ${minimum}}]}
`;

let count = 0;
let agent: TestAgent;
let ask: () => void;
let file: string;
let story: Story;

/** An agent that looks after a real file, whose policy blocks. */
async function agentWith(write: (file: string) => void): Promise<void> {
  const own = path.join(directory, String(++count));
  mkdirSync(own);
  file = path.join(own, "sluice.yaml");
  write(file);
  const files = filesOnDisk(own);
  const first = loadConfig({}, files);
  agent = await startAgent(server, {
    yaml: first.read!.text,
    reloads: {
      load: reloading({}, files, first),
      file,
      onRequest: (listener) => {
        ask = listener;
        return () => {};
      },
    },
  });
  story = new Story(agent, "orders");
  await story.quality("1", 0.95);
  await story.run("1", "success");
  expect(await story.says()).toBe("block: quality_below_threshold");
  takeLog();
}
afterEach(() => agent.stop());
afterAll(() => rmSync(directory, { recursive: true }));

const right = async () => /^sluice_config_last_reload_successful (\d)$/m.exec((await agent.get("/metrics")).text)?.[1];
const said = (lines: string[]) => {
  lines.push(...takeLog().map(({ msg, problems }) => `${msg} ${problems ?? ""}`));
  return lines.join("\n");
};

describe("a running agent whose sluice.yaml", () => {
  test.each<[string, () => void, RegExp]>([
    ["is emptied", () => writeFileSync(file, ""), /the file is empty/],
    ["is gone", () => rmSync(file), /the file is gone/],
    ["is half written", () => writeFileSync(file, policy(0.99).slice(0, 60)), /half written|not valid YAML/],
    [
      "is cut after a line",
      () => writeFileSync(file, "# Policies of this agent.\ngate:\n"),
      /in the middle of what it was/,
    ],
    ["has comments left", () => writeFileSync(file, "# Policies of this agent.\n"), /sets nothing and did before/],
    [
      "is a directory",
      () => {
        rmSync(file);
        mkdirSync(file);
      },
      /it is a directory/,
    ],
    [
      "is a named pipe",
      () => {
        rmSync(file);
        execFileSync("mkfifo", [file]);
      },
      /it is a named pipe/,
    ],
    ["is 3 MB of binary", () => writeFileSync(file, Buffer.alloc(3_000_000, 0xfe)), /it is not text in UTF-8/],
  ])(
    "%s goes on with what held before, and says so",
    async (_what, lose, message) => {
      await agentWith((name) => writeFileSync(name, policy(0.99)));
      const lines: string[] = [];
      lose();
      await expect.poll(right, PATIENT).toBe("0");
      expect(said(lines)).toMatch(/the changed configuration is wrong; all that held before holds/);
      expect(said(lines)).toMatch(message);
      expect((await agent.get("/readyz")).status).toBe(200);
      expect(await story.says()).toBe("block: quality_below_threshold");
      // Also when it is asked to read it.
      ask();
      await expect.poll(() => said(lines).split("all that held before holds").length, PATIENT).toBe(3);
      expect(await story.says()).toBe("block: quality_below_threshold");
      rmSync(file, { recursive: true, force: true });
      writeFileSync(file, policy(0.9));
      await expect.poll(right, PATIENT).toBe("1");
      await expect.poll(() => story.says(), PATIENT).toBe("pass");
    },
    180_000,
  );

  test("is replaced as a whole, by a rename or by Kubernetes' link, takes on the new one", async () => {
    await agentWith((name) => {
      const own = path.dirname(name);
      mkdirSync(path.join(own, "v1"));
      writeFileSync(path.join(own, "v1", "sluice.yaml"), policy(0.99));
      symlinkSync("v1", path.join(own, "..data"));
      symlinkSync("..data/sluice.yaml", name);
    });
    const own = path.dirname(file);
    mkdirSync(path.join(own, "v2"));
    writeFileSync(path.join(own, "v2", "sluice.yaml"), policy(0.9));
    symlinkSync("v2", path.join(own, "..data_tmp"));
    renameSync(path.join(own, "..data_tmp"), path.join(own, "..data"));
    await expect.poll(() => story.says(), PATIENT).toBe("pass");
    writeFileSync(path.join(own, "next"), policy(0.99));
    renameSync(path.join(own, "next"), file);
    await expect.poll(() => story.says(), PATIENT).toBe("block: quality_below_threshold");
    expect(await right()).toBe("1");
  });

  test("is written bit by bit is read when it came to rest", async () => {
    await agentWith((name) => writeFileSync(name, policy(0.99)));
    const whole = policy(0.9);
    for (let length = 0; length <= whole.length; length += 30) {
      writeFileSync(file, whole.slice(0, length));
      await sleep(300);
    }
    writeFileSync(file, whole);
    await expect.poll(() => story.says(), PATIENT).toBe("pass");
    await expect.poll(right, PATIENT).toBe("1");
  });
});
