import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { alertNamed } from "../rules/shipped-rules.ts";
import { type PostedAlert, type RealAlertmanager, startRealAlertmanager } from "./support/alertmanager.ts";

const PATIENCE = { timeout: 300_000, interval: 100 };
const HOSTILE = `<!channel> & <img src=x onerror=alert(1)> "é\\`;

let alertmanager: RealAlertmanager;

beforeAll(async () => {
  alertmanager = await startRealAlertmanager();
});
afterAll(() => alertmanager?.stop());

/** An alert as Prometheus posts it; the annotations are those of the rule, filled in. */
function alert(alertname: string, labels: Record<string, string>, summary: string, more: Partial<PostedAlert> = {}) {
  const rule = alertNamed(alertname);
  return {
    labels: { alertname, ...rule.labels, ...labels },
    annotations: {
      summary,
      description: `What is known of ${summary}.`,
      runbook_url: `http://prometheus.example/user/runbooks/${alertname}.md`,
      dashboard: "http://grafana.example/d/sluice-pipeline",
    },
    ...more,
  };
}

const mailsWith = (text: string) => alertmanager.inbox.mails.filter((mail) => mail.text.includes(text));
const slackWith = (text: string) => alertmanager.inbox.slack.filter((one) => `${one.title}${one.text}`.includes(text));

describe("one trouble", () => {
  const since = new Date(Date.now() - 90_000).toISOString().replace(/\.\d+Z/, ".000Z");
  const [date, time] = since.replace(/\.\d+Z/, "").split("T") as [string, string];

  test("is told in full, once, with three buttons", async () => {
    const failed = alert("PipelineLastRunFailed", { pipeline_name: "orders" }, "Pipeline orders failed", {
      startsAt: since,
    });
    await alertmanager.post([failed]);
    await expect.poll(() => slackWith("Pipeline orders failed").length, PATIENCE).toBe(1);
    expect(slackWith("Pipeline orders failed")[0]).toMatchObject({
      title: "[CRITICAL] Pipeline orders failed",
      text: `What is known of Pipeline orders failed.\n_since ${date} ${time} UTC_\n`,
      color: "#c62828",
      footer: "PipelineLastRunFailed",
      fallback: "[CRITICAL] Pipeline orders failed",
    });
    const urls = slackWith("Pipeline orders failed")[0]!.actions.map(({ url }) => url);
    expect(urls.slice(0, 2)).toEqual([
      "http://prometheus.example/user/runbooks/PipelineLastRunFailed.md",
      "http://grafana.example/d/sluice-pipeline",
    ]);
    expect(decodeURIComponent(urls[2]!)).toMatch(
      /\/#\/silences\/new\?filter=\{alertname="PipelineLastRunFailed", pipeline_name="orders"\}$/,
    );
    await expect.poll(() => mailsWith("Pipeline orders failed").length, PATIENCE).toBe(1);
    const [mail] = mailsWith("Pipeline orders failed");
    expect(mail).toMatchObject({ to: "oncall@example.com", subject: "[CRITICAL] Pipeline orders failed" });
    expect(mail!.html).toContain("What is known of Pipeline orders failed.");
    expect(mail!.html).toContain(">What to do</a>");
  });

  test("and its end, with how long it took", async () => {
    const over = new Date(Date.parse(since) + 60_000).toISOString();
    const failed = alert("PipelineLastRunFailed", { pipeline_name: "orders" }, "Pipeline orders failed", {
      startsAt: since,
      endsAt: over,
    });
    await alertmanager.post([failed]);
    await expect.poll(() => mailsWith("Pipeline orders failed").length, PATIENCE).toBe(2);
    expect(mailsWith("Pipeline orders failed")[1]!.subject).toBe("[RESOLVED] Pipeline orders failed");
    await expect.poll(() => slackWith("Pipeline orders failed").length, PATIENCE).toBe(2);
    const end = slackWith("Pipeline orders failed")[1]!;
    expect(end.text).toBe(`_from ${date} ${time} to ${over.slice(0, 19).replace("T", " ")} UTC (1m0s)_\n`);
    expect(end.color).toBe("#2e7d32");
  });
});

test("a name calls nobody on Slack and puts nothing into a mail but text", async () => {
  await alertmanager.post([
    alert("VectorSearchLatencyHigh", { pipeline_name: HOSTILE, gate: "block" }, `Search of ${HOSTILE} below`),
  ]);
  await expect.poll(() => slackWith("Search of &lt;").length, PATIENCE).toBe(1);
  const [slack] = slackWith("Search of &lt;");
  const escaped = HOSTILE.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  expect(slack!.title).toBe(`[WARNING] Search of ${escaped} below in ${escaped}`);
  expect(slack!.text).toContain(`Blocks the gate of ${escaped} until this is over.`);
  expect(`${slack!.title}${slack!.text}`).not.toMatch(/[<>]/);
  await expect.poll(() => mailsWith("<!channel>").length, PATIENCE).toBe(1);
  const [mail] = mailsWith("<!channel>");
  expect(mail!.html).not.toContain("<img");
  expect(mail!.html).not.toContain("<!channel");
  const silence = slack!.actions[2]!.url;
  expect(decodeURIComponent(silence)).toContain(`pipeline_name="${HOSTILE.replace(/["\\]/g, "\\$&")}"`);
});

test("several troubles of one pipeline are one message that names each", async () => {
  const labels = { pipeline_name: "features" };
  await alertmanager.post([
    alert("FeatureDrifted", { ...labels, feature_name: "age" }, "Feature age has drifted"),
    alert("FeatureDrifted", { ...labels, feature_name: "amount" }, "Feature amount has drifted"),
    alert("VectorSearchLatencyHigh", labels, "Vector search P99 latency above 1s"),
  ]);
  await expect.poll(() => slackWith("features").length, PATIENCE).toBe(1);
  const [slack] = slackWith("features");
  expect(slack!.title).toBe("[WARNING] 3 troubles of pipeline features");
  expect(slack!.text.trimEnd().split("\n")).toEqual([
    expect.stringMatching(/^• Feature age has drifted in features _since .* UTC_$/),
    expect.stringMatching(/^• Feature amount has drifted in features _since .* UTC_$/),
    expect.stringMatching(/^• Vector search P99 latency above 1s in features _since .* UTC_$/),
  ]);
  await expect.poll(() => mailsWith("features").length, PATIENCE).toBe(1);
  expect(mailsWith("features")[0]!.text).toContain("Blocks the gate of features until this is over.");
});

/** A warning of a pipeline that has something critical. */
const WITNESSES: PostedAlert[] = [
  { labels: { alertname: "Cause", severity: "critical", pipeline_name: "witness" } },
  { labels: { alertname: "Witness", severity: "warning", pipeline_name: "witness" } },
];

describe("what is held back", () => {
  const of = { pipeline_name: "down" };

  test.each<[string, PostedAlert, PostedAlert, boolean]>([
    [
      "the counter's alert, by the state that told of the failure",
      alert("PipelineFailureAnnounced", of, "s"),
      alert("PipelineRunFailed", { ...of, status: "failed" }, "t"),
      true,
    ],
    [
      "not that of another pipeline",
      alert("PipelineFailureAnnounced", { pipeline_name: "x1" }, "s"),
      alert("PipelineRunFailed", { pipeline_name: "x2" }, "t"),
      false,
    ],
    [
      "a closed gate, by the failed run",
      alert("PipelineLastRunFailed", { pipeline_name: "x3" }, "s"),
      alert("PipelineGateClosed", { pipeline_name: "x3" }, "t"),
      true,
    ],
    [
      "a failure behind a blocked upstream",
      alert("PipelineUpstreamBlocked", { pipeline_name: "x4" }, "s"),
      alert("PipelineLastRunFailed", { pipeline_name: "x4" }, "t"),
      true,
    ],
    [
      "not an alert with a gate, which the agent must hear of",
      alert("PipelineUpstreamBlocked", { pipeline_name: "x5" }, "s"),
      alert("VectorSearchLatencyHigh", { pipeline_name: "x5" }, "t"),
      false,
    ],
    [
      "a warning beside something critical",
      alert("PipelineGateClosed", { pipeline_name: "x6" }, "s"),
      alert("PipelineSlaBelowTarget", { pipeline_name: "x6" }, "t"),
      true,
    ],
    [
      "0.8, by the check's own threshold",
      alert("DataQualityWithinThreshold", { pipeline_name: "x7", check_name: "c" }, "s"),
      alert("DataQualityDegraded", { pipeline_name: "x7", check_name: "c" }, "t"),
      true,
    ],
    [
      "not of another check",
      alert("DataQualityWithinThreshold", { pipeline_name: "x8", check_name: "c" }, "s"),
      alert("DataQualityDegraded", { pipeline_name: "x8", check_name: "d" }, "t"),
      false,
    ],
    [
      "a PSI that is not significant",
      alert("FeatureDriftNotSignificant", { pipeline_name: "x9", feature_name: "f" }, "s"),
      alert("FeatureDriftDetected", { pipeline_name: "x9", feature_name: "f" }, "t"),
      true,
    ],
    [
      "reports turned away, by the store that is away",
      alert("SluiceStoreDown", { job: "data_pipeline" }, "s"),
      alert("SluiceReportsShed", { job: "data_pipeline" }, "t"),
      true,
    ],
  ])("%s", async (_, source, target, held) => {
    const endsAt = new Date(Date.now() + 60_000).toISOString();
    const posted = [source, target, ...WITNESSES].map((one) => ({ ...one, endsAt }));
    await alertmanager.post(posted);
    // The witness is held back last: by then everything before it is known.
    await expect.poll(() => alertmanager.suppressed(), PATIENCE).toContain("Witness");
    expect((await alertmanager.suppressed()).includes(target.labels.alertname!)).toBe(held);
    // Over, so that it does not stand in the way of the next.
    await alertmanager.post(posted.map((one) => ({ ...one, endsAt: new Date().toISOString() })));
    await expect.poll(() => alertmanager.suppressed(), PATIENCE).toEqual([]);
  });
});

test("while the agent is down, what is known of pipelines is held back, but what holds a gate is not", async () => {
  await alertmanager.post([
    alert("SluiceAgentDown", { job: "data_pipeline" }, "Sluice is down"),
    alert("SluiceReplicaDown", { job: "data_pipeline", instance: "a" }, "Sluice on a is down"),
    alert("PipelineLastRunFailed", { pipeline_name: "late" }, "Pipeline late failed"),
    alert("OperationLatencyHigh", { pipeline_name: "late", operation: "o" }, "P99 latency of o is 2s"),
  ]);
  const held = ["PipelineLastRunFailed", "SluiceReplicaDown"];
  await expect.poll(() => alertmanager.suppressed(), PATIENCE).toEqual(expect.arrayContaining(held));
  expect(await alertmanager.suppressed()).not.toContain("OperationLatencyHigh");
});
