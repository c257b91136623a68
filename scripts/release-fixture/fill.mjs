import { setTimeout as sleep } from "node:timers/promises";

const DAY = 86_400_000;
const HOUR = 3_600_000;
const DAYS = 10;
const SETTLED_WITHIN_MS = 60_000;

/** Fills every table as an agent of a small team does in ten days: good and bad runs, with and without run_id. */
export async function fill(agent) {
  const midnight = Math.floor(Date.now() / DAY) * DAY;
  const days = Array.from({ length: DAYS }, (_, i) => midnight - (DAYS - i) * DAY);
  await references(agent);
  for (const [index, day] of days.entries()) {
    await agent.ask("POST", "/v1/reports", ordersDay(day, index));
    await agent.ask("POST", "/v1/reports", runlessDay(day, index));
    await agent.ask("POST", "/v1/reports", martDay(day));
  }
  await agent.ask("POST", "/v1/reports", retried(days.at(-1)));
  await agent.ask("POST", "/v1/reports", clicks(midnight - 6 * HOUR));
  await agent.ask("POST", "/v1/reports", [
    { kind: "run", pipeline_name: "retired", run_id: "last", status: "success", at: time(days[0]) },
  ]);
  await agent.ask("DELETE", "/v1/pipelines/retired");
  await agent.ask("POST", "/v1/reports", [
    { kind: "run", pipeline_name: "hanging", run_id: "open", status: "started", at: time(midnight - HOUR) },
    { kind: "records", pipeline_name: "hanging", stage: "load", count: 12, at: time(midnight - HOUR) },
  ]);
  await operate(agent, days);
  await until(async () => (await agent.ask("GET", "/v1/notices")).items.some(({ state }) => state === "sent"));
}

const time = (ms) => new Date(ms).toISOString();
const date = (ms) => time(ms).slice(0, 10);

async function references(agent) {
  const put = (name, body) => agent.ask("PUT", `/v1/references/orders_daily/${name}`, body);
  await put("amount", { edges: [0, 10, 20, 30, 40], counts: [400, 300, 200, 100], note: "first" });
  await put("amount", { edges: [0, 10, 20, 30, 40], counts: [410, 290, 200, 100] });
  await put("country", { categories: { DE: 600, FR: 300, IT: 100 }, nulls: 5 });
  await agent.ask("PUT", "/v1/references/clicks/dwell", { edges: [0, 1, 2, 3], counts: [500, 300, 200] });
}

/** A named run with three stages, two checks, latencies, freshness and two features; the fourth day fails, the sixth drifts. */
function ordersDay(day, index) {
  const run = { pipeline_name: index % 2 === 0 ? "orders_daily" : "orders", run_id: date(day) };
  const at = (minutes) => time(day + 2 * HOUR + minutes * 60_000);
  const failed = index === 3;
  const counts = index === 5 ? [100, 200, 300, 400] : [405, 295, 200, 100];
  return [
    {
      kind: "run",
      ...run,
      status: "started",
      at: at(0),
      data_interval_start: time(day - DAY),
      data_interval_end: time(day),
    },
    { kind: "records", ...run, stage: "extract", count: 50_000, part: "a", at: at(1) },
    { kind: "records", ...run, stage: "extract", count: 1_000 + index, part: "b", at: at(1) },
    { kind: "records", ...run, stage: "transform", count: 50_000, failed: 40, at: at(2) },
    { kind: "records", ...run, stage: "load", count: 49_900, expected_min: 10_000, at: at(3), id: `load-${index}` },
    {
      kind: "quality",
      ...run,
      at: at(4),
      checks: [
        { check_name: "null_rate", score: index === 7 ? 0.5 : 0.999, threshold: 0.95 },
        { check_name: "schema_compliance", score: 0.995, threshold: 0.99, severity: "warn" },
        ...(index === 8 ? [{ check_name: "late_rows", score: null, error: "the table was locked" }] : []),
      ],
    },
    { kind: "latency", ...run, seconds: [0.02, 0.3, 0.7], at: at(4) },
    { kind: "latency", ...run, operation: "embed", seconds: 0.05, at: at(4) },
    { kind: "freshness", ...run, data_through: time(day), at: at(5) },
    {
      kind: "drift",
      ...run,
      at: at(5),
      features: { amount: { counts }, country: { categories: { DE: 590, FR: 310, IT: 95, ES: 5 }, nulls: 3 } },
    },
    {
      kind: "run",
      ...run,
      status: failed ? "failed" : "success",
      at: at(30),
      ...(failed ? { error: "disk full" } : {}),
    },
  ];
}

/** A pipeline that never sends a run_id. */
function runlessDay(day, index) {
  const run = { pipeline_name: "nightly" };
  const at = (minutes) => time(day + HOUR + minutes * 60_000);
  return [
    { kind: "records", ...run, stage: "load", count: 700 + index, at: at(1) },
    { kind: "quality", ...run, check_name: "rows_valid", score: 0.97, at: at(2) },
    { kind: "run", ...run, status: index === 4 ? "failed" : "success", duration_seconds: 61.5, at: at(9) },
  ];
}

function martDay(day) {
  const run = { pipeline_name: "mart", run_id: `mart-${date(day)}`, at: time(day + 4 * HOUR) };
  return [
    { kind: "quality", ...run, check_name: "keys_unique", score: 1 },
    { kind: "run", ...run, status: "success", started_at: time(day + 3.5 * HOUR) },
  ];
}

/** Failed on its first attempt, good on its second, as clients of 0.1 reported it. */
function retried(day) {
  const run = { pipeline_name: "retried", run_id: date(day) };
  const at = (minutes) => time(day + 5 * HOUR + minutes * 60_000);
  return [
    { kind: "run", ...run, attempt: 1, status: "started", at: at(0) },
    { kind: "records", ...run, attempt: 1, stage: "load", count: 600, at: at(1) },
    { kind: "run", ...run, attempt: 1, status: "failed", will_retry: true, error: "timeout", at: at(2) },
    { kind: "run", ...run, attempt: 2, status: "started", at: at(3) },
    { kind: "records", ...run, attempt: 2, stage: "load", count: 2_000, at: at(4) },
    { kind: "run", ...run, attempt: 2, status: "success", at: at(5) },
  ];
}

/** Micro-batches of a stream, in windows of an hour. */
function clicks(from) {
  return Array.from({ length: 12 }, (_, i) => ({
    kind: "drift",
    pipeline_name: "clicks",
    run_id: "stream",
    at: time(from + i * 10 * 60_000),
    features: { dwell: { counts: [50, 30, 20] } },
  }));
}

async function operate(agent, days) {
  const actor = "alice";
  await agent.ask("POST", `/v1/runs/orders_daily/${date(days[7])}/invalidate`, { actor, reason: "a wrong file" });
  await agent.ask("POST", "/v1/references/orders_daily/amount/promote", { run_id: date(days[9]) });
  await agent.ask("POST", "/v1/gates/nightly/overrides", {
    decision: "block",
    reason: "migration",
    actor,
    expires_in: "1h",
  });
  await agent.ask("POST", "/v1/mutes", { pipeline_name: "hanging", reason: "known", actor, expires_in: "1h" });
  await agent.ask("POST", "/v1/reports", [
    { kind: "records", pipeline_name: "broken", run_id: "b1", stage: "load", count: 10 },
    { kind: "run", pipeline_name: "broken", run_id: "b1", status: "failed", error: "no connection" },
  ]);
  const labels = { alertname: "VectorSearchLatencyHigh", pipeline_name: "mart", gate: "warn" };
  const alert = {
    status: "firing",
    labels,
    annotations: { summary: "Vector search P99 latency above 1s" },
    startsAt: time(Date.now() - HOUR),
    endsAt: "0001-01-01T00:00:00Z",
    generatorURL: "http://localhost:9090/graph",
    fingerprint: "f1",
  };
  await agent.ask("POST", "/v1/alertmanager", {
    receiver: "sluice",
    status: "firing",
    alerts: [alert],
    groupLabels: {},
    commonLabels: {},
    commonAnnotations: {},
    externalURL: "http://localhost:9093",
    version: "4",
    groupKey: "{}:{}",
    truncatedAlerts: 0,
  });
}

async function until(done) {
  const end = Date.now() + SETTLED_WITHIN_MS;
  while (!(await done())) {
    if (Date.now() > end) throw new Error("no notice was sent");
    await sleep(200);
  }
}
