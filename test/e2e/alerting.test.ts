import { spawnSync } from "node:child_process";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { RULES } from "../rules/shipped-rules.ts";
import { type Alerting, startAlerting } from "./support/alerting.ts";

/** Machines are shared: what takes five seconds may take a minute. */
const PATIENCE = { timeout: 300_000, interval: 200 };

let alerting: Alerting;
const slow = new AbortController();

/** Two of three searches take longer than a second, from the beginning of this file on. */
async function searchSlowly(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await alerting.report("latency", { pipeline_name: "rag", seconds: [0.02, 1.7, 2.1] });
    await setTimeout(500, undefined, { signal }).catch(() => {});
  }
}

beforeAll(async () => {
  alerting = await startAlerting();
  // It scrapes some seconds after it is ready.
  await vi.waitUntil(async () => (await alerting.count("up == 1")) === 1, PATIENCE);
  await alerting.report("runs", { pipeline_name: "rag", run_id: "1", status: "started" });
  await alerting.report("quality", { pipeline_name: "rag", run_id: "1", check_name: "recall", score: 0.97 });
  await alerting.report("runs", { pipeline_name: "rag", run_id: "1", status: "success" });
  expect(nextStep("rag")).toBe("it ran");
  void searchSlowly(slow.signal);
});

afterAll(async () => {
  slow.abort();
  await alerting?.stop();
});

const mailsAbout = (name: string) => alerting.inbox.mails.filter(({ text }) => text.includes(name));
const slackAbout = (name: string) =>
  alerting.inbox.slack.filter(({ title, text }) => title.includes(name) || text.includes(name));

/** What stands in a shell or a cron table after the pipeline: it runs only if the gate lets it. */
function nextStep(pipeline_name: string): string {
  const gate = `${alerting.agent_url}/v1/gates/${pipeline_name}/check`;
  return spawnSync("sh", ["-c", `curl -fsS '${gate}' > /dev/null && echo it ran`], { encoding: "utf8" }).stdout.trim();
}

test("a first run ever that failed pages, by Slack and email, with what to do", { timeout: 600_000 }, async () => {
  await alerting.report("runs", { pipeline_name: "first ever", run_id: "1", status: "failed", error: "no such table" });
  await expect.poll(() => [mailsAbout("first ever").length, slackAbout("first ever").length], PATIENCE).toEqual([1, 1]);
  const [mail] = mailsAbout("first ever");
  expect(mail).toMatchObject({ to: "oncall@example.com", subject: "[CRITICAL] Pipeline first ever failed" });
  expect(mail!.text).toMatch(/\/user\/runbooks\/PipelineLastRunFailed\.md$/m);
  const [slack] = slackAbout("first ever");
  expect(slack!.title).toBe("[CRITICAL] Pipeline first ever failed");
  expect(slack!.actions.map(({ text }) => text)).toEqual(["Runbook", "Dashboard", "Silence"]);
  const runbook = await fetch(slack!.actions[0]!.url);
  expect(await runbook.text()).toMatch(/^# PipelineLastRunFailed/);
});

test("the counter that sees the same failure is held back, and the success brings the word that it is over", {
  timeout: 600_000,
}, async () => {
  const counter = async () =>
    (await alerting.alerts("PipelineRunFailed")).filter((a) => a.pipeline_name === "first ever");
  await expect.poll(counter, PATIENCE).toMatchObject([{ suppressed: true }]);
  await alerting.report("runs", { pipeline_name: "first ever", run_id: "2", status: "success" });
  await expect.poll(() => [mailsAbout("first ever").length, slackAbout("first ever").length], PATIENCE).toEqual([2, 2]);
  expect(mailsAbout("first ever")[1]!.subject).toBe("[RESOLVED] Pipeline first ever failed");
  expect(slackAbout("first ever")[1]!.title).toBe("[RESOLVED] Pipeline first ever failed");
});

test("an alert of Prometheus closes the gate of its pipeline, so that the next step does not run", {
  timeout: 360_000,
}, async () => {
  await expect.poll(() => nextStep("rag"), PATIENCE).toBe("");
  slow.abort();
  const gate = await (await fetch(`${alerting.agent_url}/v1/gates/rag`)).json();
  expect(gate).toMatchObject({
    decision: "block",
    reasons: [{ code: "alert_firing", severity: "block", subject: "VectorSearchLatencyHigh" }],
  });
  await expect.poll(() => slackAbout("Vector search P99 latency above 1s").length, PATIENCE).toBeGreaterThan(0);
  expect(slackAbout("Vector search")[0]!.text).toContain("Blocks the gate of rag until this is over.");
  // Fast from now on; what happens then is looked at further down.
  for (let i = 0; i < 20; i++) {
    await alerting.report("latency", { pipeline_name: "rag", seconds: new Array(1_000).fill(0.02) });
  }
});

test("forty pipelines that fail for one reason make one message", { timeout: 600_000 }, async () => {
  const before = { mails: alerting.inbox.mails.length, slack: alerting.inbox.slack.length };
  const runs = Array.from({ length: 40 }, (_, i) => {
    return { kind: "run", pipeline_name: `forty_${i}`, run_id: "1", status: "failed" };
  });
  await alerting.report("reports", runs);
  const heldBack = async () => {
    const alerts = await alerting.alerts("PipelineRunFailed");
    return alerts.filter(({ pipeline_name, suppressed }) => pipeline_name?.startsWith("forty_") && suppressed).length;
  };
  await expect.poll(heldBack, PATIENCE).toBe(40);
  const mails = alerting.inbox.mails.slice(before.mails);
  expect(mails.map(({ subject }) => subject)).toEqual([
    expect.stringMatching(/^\[CRITICAL\] Pipeline forty_\d+ failed, and 39 more$/),
  ]);
  const slack = alerting.inbox.slack.slice(before.slack);
  expect(slack).toHaveLength(1);
  expect(slack[0]!.text).toContain("… and 28 more");
});

test("the agent shows each family of its own that a rule reads", async () => {
  const shown = await (await fetch(`${alerting.agent_url}/metrics`)).text();
  const read = RULES.flatMap(({ rule }) => rule.expr.match(/\bsluice_\w+/g) ?? []);
  expect(read.length).toBeGreaterThan(0);
  for (const name of read) {
    // Those are there where the agent has channels to send notices to.
    if (!name.startsWith("sluice_notices_")) expect(shown).toContain(`# TYPE ${name.replace(/_count$/, "")} `);
  }
});

test("when that alert is over, the gate opens and the next step runs", { timeout: 600_000 }, async () => {
  await expect.poll(() => nextStep("rag"), PATIENCE).toBe("it ran");
});

test("a restart of the agent pages nobody, and ends nothing", { timeout: 600_000 }, async () => {
  alerting.restoreRuleTimes();
  // A rule that was loaded anew keeps nothing firing before it has seen it fire.
  const loaded = { keep_firing_seconds: 180, alerts: 40 };
  await expect.poll(() => alerting.firing("PipelineLastRunFailed"), PATIENCE).toEqual(loaded);
  const before = alerting.inbox.mails.length;
  const firing = 'ALERTS{alertname="PipelineLastRunFailed", alertstate="firing"}';
  await alerting.restartAgent();
  const scrapedAgain = "pipeline_last_failure_timestamp_seconds > 0 and on () time() - process_start_time_seconds < 60";
  await expect.poll(() => alerting.count(scrapedAgain), PATIENCE).toBeGreaterThanOrEqual(40);
  expect(await alerting.count(firing)).toBe(40);
  // One more failure joins the forty in their next message: had one of them ended or begun anew, there would be another.
  await alerting.report("runs", { pipeline_name: "after the restart", run_id: "1", status: "failed" });
  await expect.poll(() => mailsAbout("after the restart").length, PATIENCE).toBe(1);
  expect(alerting.inbox.mails.slice(before).map(({ subject }) => subject)).toEqual([
    expect.stringMatching(/^\[CRITICAL\] Pipeline .* failed, and 40 more$/),
  ]);
  expect(await alerting.alerts("SluiceAgentDown")).toEqual([]);
});
