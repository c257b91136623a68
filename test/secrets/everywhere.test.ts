import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { installed } from "../cli/installed.ts";
import { startAgent, type TestAgent, takeLog, testServer } from "../support/agent.ts";
import { toldServer } from "../support/notify/http-server.ts";
import { mailServer } from "../support/notify/mail-server.ts";
import { CORPUS } from "./corpus.ts";

const LIMIT = { timeout: 300_000, interval: 200 };
const { main, directory, env } = await installed();
const hook = await toldServer();
const slack = await toldServer();
const mail = await mailServer();
const work = mkdtempSync(join(tmpdir(), "sluice-secrets-"));
const server = await testServer();
let agent: TestAgent;

const YAML = `
notices:
  group_wait: 0s
  channels:
    - {name: hook, type: webhook, url: "${hook.url}/"}
    - {name: slack, type: slack, webhook_url: "${slack.url}/services/T1/B1/x"}
    - {name: mail, type: email, smtp_url: "smtp://127.0.0.1:${mail.port}", from: sluice@example.com, to: [data@example.com]}
`;

const AT_ONCE = 10;
const parts = Array.from({ length: Math.ceil(CORPUS.length / AT_ONCE) }, (_, i) =>
  CORPUS.slice(i * AT_ONCE, (i + 1) * AT_ONCE)
    .map(({ text }) => text)
    .join("\n"),
);

beforeAll(async () => {
  agent = await startAgent(server, { yaml: YAML });
  for (const [i, text] of parts.entries()) {
    await execFailing(`exec_${i}`, text);
    await reportFailed(`http_${i}`, text);
  }
});

afterAll(async () => {
  await agent.stop();
  await Promise.all([hook.stop(), slack.stop(), mail.stop()]);
  rmSync(work, { recursive: true, force: true });
});

/** A command whose last words are these, wrapped by `sluice exec`. */
async function execFailing(pipeline: string, text: string): Promise<void> {
  const file = join(work, pipeline);
  writeFileSync(file, text);
  const args = [main, "exec", pipeline, "--", "sh", "-c", `cat ${file} >&2; exit 3`];
  const options = { cwd: directory, env: { ...env, SLUICE_URL: `http://127.0.0.1:${agent.port}` } };
  await new Promise((done) => execFile(process.execPath, args, options, done));
}

/** The same words wherever a report, an override or an alert has room for words. */
async function reportFailed(pipeline_name: string, text: string): Promise<void> {
  const run = { pipeline_name, run_id: "r" };
  const actor = "anna";
  const labels = { alertname: "A", pipeline_name, gate: "warn" };
  const alert = {
    status: "firing",
    labels,
    annotations: { summary: text },
    startsAt: new Date().toISOString(),
    fingerprint: pipeline_name,
  };
  const sent: [string, object][] = [
    ["/v1/quality", { ...run, check_name: "c", score: null, error: text }],
    ["/v1/runs", { ...run, status: "failed", error: text, lost: [{ kind: "records", item: "load", why: text }] }],
    ["/v1/alertmanager", { version: "4", alerts: [alert] }],
    [`/v1/runs/${pipeline_name}/r/invalidate`, { actor, reason: text }],
    [`/v1/gates/${pipeline_name}/overrides`, { decision: "block", reason: text, actor, expires_in: "1h" }],
    ["/v1/mutes", { pipeline_name: "nobody", reason: text, actor, expires_in: "1h" }],
  ];
  for (const [route, body] of sent) {
    const { status, text: answer } = await agent.post(route, body);
    expect({ route, status, answer }).toMatchObject({ status: expect.toSatisfy((code: number) => code < 300) });
  }
}

function expectNone(where: string, text: string): void {
  for (const { secret } of CORPUS) {
    expect(text.includes(secret), `${JSON.stringify(secret)} stands in ${where}`).toBe(false);
    const escaped = JSON.stringify(secret).slice(1, -1);
    expect(text.includes(escaped), `${escaped} stands in ${where}`).toBe(false);
  }
}

describe("no credential of a failing command", () => {
  test("reaches the store", async () => {
    const tables = await agent.query<{ name: string }>(
      "SELECT relname AS name FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = 'public'::regnamespace",
    );
    expect(tables.length).toBeGreaterThan(20);
    for (const { name } of tables) {
      const rows = await agent.query<{ row: string }>(`SELECT t::text AS row FROM "${name}" t`);
      expectNone(`table ${name}`, rows.map(({ row }) => row).join("\n"));
    }
    const [run] = await agent.query<{ error: string }>("SELECT error FROM run WHERE error LIKE '%<secret>%' LIMIT 1");
    expect(run).toBeDefined();
  });

  test("reaches a webhook, Slack or mail", async () => {
    await expect.poll(() => hook.received.length, LIMIT).toBeGreaterThan(0);
    await expect.poll(() => slack.received.length, LIMIT).toBeGreaterThan(0);
    await expect.poll(() => mail.mails.length, LIMIT).toBeGreaterThan(0);
    expectNone("a webhook", hook.received.map(({ text }) => text).join("\n"));
    expectNone("Slack", slack.received.map(({ text }) => text).join("\n"));
    expectNone("a mail", mail.mails.map(({ subject, text, html }) => `${subject}\n${text}\n${html}`).join("\n"));
  });

  test("reaches what the page reads, the metrics, or the log", async () => {
    for (let i = 0; i < parts.length; i++) {
      for (const pipeline of [`exec_${i}`, `http_${i}`]) {
        for (const path of [
          `pipelines/${pipeline}`,
          `gates/${pipeline}`,
          `gates/${pipeline}/history`,
          `gates/${pipeline}/overrides`,
        ]) {
          expectNone(path, (await agent.get(`/v1/${path}`)).text);
        }
      }
    }
    for (const path of ["/v1/runs?limit=200", "/v1/notices", "/v1/mutes", "/metrics"]) {
      expectNone(path, (await agent.get(path)).text);
    }
    expectNone("the log", JSON.stringify(takeLog()));
  });
});
