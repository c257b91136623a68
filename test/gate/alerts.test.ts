import { describe, expect, test } from "vitest";
import { expectProblem } from "../http/problems.ts";
import { apiKey, bearer, startAgent, testAgentOf, testServer } from "../support/agent.ts";
import { Story } from "./story.ts";

const server = await testServer();
const YAML = "alertmanager:\n  repeat_interval: 1h\n";
const agent = await testAgentOf(server, { yaml: YAML });

interface Sent {
  pipeline_name?: string;
  gate?: string;
  status?: "firing" | "resolved";
  starts?: string;
  fingerprint?: string;
  alertname?: string;
}

/** An alert as Alertmanager's webhook of version 4 sends it: of a firing one, endsAt is year 1. */
function alert({
  status = "firing",
  starts = "2026-11-20T02:00:00Z",
  fingerprint = "f1",
  alertname = "VectorSearchLatencyHigh",
  ...labels
}: Sent) {
  return {
    status,
    labels: { alertname, severity: "warning", ...labels },
    annotations: { summary: "Vector search P99 latency above 1s" },
    startsAt: starts,
    endsAt: status === "firing" ? "0001-01-01T00:00:00Z" : "2026-11-20T03:00:00Z",
    generatorURL: "http://localhost:9090/graph",
    fingerprint,
  };
}

function webhook(...alerts: object[]): object {
  return {
    receiver: "sluice",
    status: "firing",
    alerts,
    groupLabels: {},
    commonLabels: {},
    commonAnnotations: {},
    externalURL: "http://localhost:9093",
    version: "4",
    groupKey: "{}:{}",
    truncatedAlerts: 0,
  };
}

async function tell(...alerts: Sent[]): Promise<object> {
  const answer = await agent.post("/v1/alertmanager", webhook(...alerts.map(alert)));
  expect(answer.status, answer.text).toBe(200);
  return answer.body as object;
}

async function open(pipeline_name: string): Promise<Story> {
  const story = new Story(agent, pipeline_name);
  await story.quality("1", 1);
  await story.run("1", "success");
  expect(await story.says()).toBe("pass");
  return story;
}

test("a firing alert with gate=block closes the gate until it is resolved", async () => {
  const pipeline_name = "blocked";
  const story = await open(pipeline_name);
  expect(await tell({ pipeline_name, gate: "block" })).toEqual({ accepted: 1, ignored: 0 });
  expect(await story.says()).toBe("block: alert_firing");
  expect((await story.gate()).reasons[0]).toMatchObject({
    subject: "VectorSearchLatencyHigh",
    detail: expect.stringContaining("Vector search P99 latency above 1s"),
  });
  await tell({ pipeline_name, gate: "block", status: "resolved" });
  expect(await story.says()).toBe("pass");
});

test("gate=warn warns, and two alerts are two reasons", async () => {
  const pipeline_name = "warned";
  const story = await open(pipeline_name);
  await tell({ pipeline_name, gate: "warn" }, { pipeline_name, gate: "warn", fingerprint: "f2", alertname: "Slow" });
  expect(await story.says()).toBe("warn: alert_firing, alert_firing");
  expect(await story.status()).toBe(200);
});

test("told again, late and out of order, it ends the same", async () => {
  const pipeline_name = "shuffled";
  const story = await open(pipeline_name);
  await tell({ pipeline_name, gate: "block", status: "resolved" });
  await tell({ pipeline_name, gate: "block" });
  await tell({ pipeline_name, gate: "block" }, { pipeline_name, gate: "block" });
  expect(await story.says()).toBe("pass");
  // A new episode of the same alert, and the end of the old one once more.
  await tell({ pipeline_name, gate: "block", starts: "2026-11-20T05:00:00Z" });
  await tell({ pipeline_name, gate: "block", status: "resolved" });
  expect(await story.says()).toBe("block: alert_firing");
  await tell(
    { pipeline_name, gate: "block", starts: "2026-11-20T05:00:00Z", status: "resolved" },
    { pipeline_name, gate: "block", starts: "2026-11-20T05:00:00Z" },
  );
  expect(await story.says()).toBe("pass");
});

test("alerts without a pipeline or a gate are not about a gate", async () => {
  const story = await open("unconcerned");
  expect(
    await tell({ pipeline_name: "unconcerned" }, { gate: "block" }, { pipeline_name: "unconcerned", gate: "page" }),
  ).toEqual({ accepted: 0, ignored: 3 });
  expect(await story.says()).toBe("pass");
});

test("one that never resolves ends when nothing was heard of it for twice the repeat interval", async () => {
  const impatient = await startAgent(server, { yaml: "alertmanager:\n  repeat_interval: 10s\n" });
  try {
    const story = new Story(impatient, "forgotten");
    await story.quality("1", 1);
    await story.run("1", "success");
    await impatient.post("/v1/alertmanager", webhook(alert({ pipeline_name: "forgotten", gate: "block" })));
    expect(await story.says()).toBe("block: alert_firing");
    // Twice the interval has passed, as the store sees it.
    await impatient.query("UPDATE gate_alert SET expires_at = now()");
    await impatient.query("UPDATE gate SET valid_until = now()");
    await story.quality("1", 1);
    expect(await story.says()).toBe("pass");
  } finally {
    await impatient.stop();
  }
});

describe("what is no webhook of Alertmanager", () => {
  test.each([
    [{ version: "3", alerts: [] }, /^version: "3" given; must be "4"/],
    [{ version: "4" }, /^alerts: missing; must be a list of alerts$/],
    [
      webhook({ ...alert({}), startsAt: "yesterday", labels: { pipeline_name: "p", gate: "block" } }),
      /^alerts\[0\]\.startsAt: "yesterday" given/,
    ],
    [
      webhook(alert({ pipeline_name: "..", gate: "block" })),
      /^alerts\[0\]\.labels\.pipeline_name: "\.\." given; must be a name/,
    ],
    [
      webhook({ ...alert({}), status: "pending" }),
      /^alerts\[0\]\.status: "pending" given; must be firing or resolved$/,
    ],
  ])("%# is refused for good: sent again it would be no better", async (body, detail) => {
    const answer = await agent.post("/v1/alertmanager", body);
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ code: "invalid_body", detail: expect.stringMatching(detail) });
  });

  test("a store that is away is asked again: 503", async () => {
    const doomed = await startAgent(server);
    const [row] = await doomed.query<{ name: string }>("SELECT current_database() AS name");
    const admin = await agent.session();
    await admin.query(`DROP DATABASE ${row!.name} WITH (FORCE)`);
    const answer = await doomed.post("/v1/alertmanager", webhook(alert({ pipeline_name: "p", gate: "block" })));
    expect(answer.status).toBe(503);
    expect(answer.headers["retry-after"]).toBeDefined();
    await doomed.stop();
  });

  test("a key for some pipelines holds no other gate", async () => {
    const limited = apiKey("limited", ["alertmanager"], ["orders*"]);
    const keyed = await startAgent(server, { keys: [limited.entry] });
    const answer = await keyed.post(
      "/v1/alertmanager",
      webhook(alert({ pipeline_name: "p", gate: "block" })),
      bearer(limited.key),
    );
    expectProblem(answer, "forbidden", 'pipeline_name: "p" given; this API key is for orders*');
    await keyed.stop();
  });
});
