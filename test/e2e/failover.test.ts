import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { documentedScrape } from "../adapters/metrics/documented-scrape.ts";
import { PrometheusServer } from "../adapters/metrics/prometheus-server.ts";
import { ROOT } from "../rules/shipped-rules.ts";
import { newDatabase, testServer } from "../support/agent.ts";
import { type ShippedAgent, startShippedAgent } from "../support/shipped-agent.ts";
import { shorten } from "./support/shorten.ts";

const server = await testServer();
const directory = mkdtempSync(path.join(tmpdir(), "sluice-failover-"));
const agents: ShippedAgent[] = [];
let living: ShippedAgent[] = [];
let prometheus: PrometheusServer;

/** The scrape configuration of the documentation, and the shipped rules 15 times as fast. */
function configuration(targets: string[]): object {
  const rule_files = ["agent", "pipelines"].map((name) => {
    const file = path.join(directory, `${name}.yaml`);
    writeFileSync(file, shorten(file, readFileSync(path.join(ROOT, "rules", `${name}.yaml`), "utf8")));
    return file;
  });
  return { global: { evaluation_interval: "1s" }, rule_files, scrape_configs: [documentedScrape(targets)] };
}

/** Taken, by whichever of the agents, once. */
async function report(reports: object[]): Promise<void> {
  const body = JSON.stringify(reports.map((one) => ({ id: crypto.randomUUID(), ...one })));
  for (let turn = 0; ; turn++) {
    const { url } = living[turn % living.length]!;
    const headers = { "content-type": "application/json" };
    const signal = AbortSignal.timeout(10_000);
    const answer = await fetch(`${url}/v1/reports`, { method: "POST", headers, body, signal }).catch(() => null);
    if (answer?.ok) return;
    if (turn > 300) throw new Error(`nobody takes reports: ${await answer?.text()}`);
    await sleep(50);
  }
}

const run = (pipeline_name: string, run_id: string, status: string) => ({ kind: "run", pipeline_name, run_id, status });

let succeeded = 0;
/** A run each tenth of a second, through one agent after the other. */
async function keepRunning(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    living.push(living.shift()!);
    await report([run("busy", String(succeeded + 1), "success")]);
    succeeded++;
    await sleep(100);
  }
}

async function holder(): Promise<ShippedAgent> {
  for (;;) {
    for (const agent of living) {
      const text = await (await fetch(`${agent.url}/metrics`).catch(() => null))?.text();
      if (text?.includes("\nsluice_lease_held 1")) return agent;
    }
    await sleep(20);
  }
}

async function start(): Promise<void> {
  const config = path.join(directory, "sluice.yaml");
  writeFileSync(config, "metrics:\n  birth_hold: 3s\n");
  const database_url = await newDatabase(server);
  for (let i = 0; i < 4; i++) agents.push(await startShippedAgent({ config, database_url, directory }));
  living = [...agents];
  prometheus = await PrometheusServer.startWith(configuration(agents.map(({ url }) => new URL(url).host)));
}

/** The holder ends by this signal; when another shows the metrics, Prometheus sees what was taken since. */
async function failover(signal: NodeJS.Signals): Promise<void> {
  const lost = await holder();
  living = living.filter((agent) => agent !== lost);
  lost.signal(signal);
  await holder();
  const before = succeeded;
  await prometheus.until(async () => {
    const [seen] = await prometheus.query('pipeline_runs_total{pipeline_name="busy", status="success"}');
    return seen !== undefined && seen.value > before;
  });
}

afterAll(async () => {
  await prometheus?.stop();
  for (const agent of agents) agent.signal("SIGKILL");
  await Promise.all(agents.map((agent) => agent.stop()));
  rmSync(directory, { recursive: true, force: true });
});

const counts = ["pipeline_runs_total", "gate_decisions_total"];

test("for Prometheus the metrics of pipelines go on as the same, whichever agent shows them and however it ends", {
  timeout: 600_000,
}, async () => {
  await start();
  await report([
    run("failing", "1", "failed"),
    { kind: "quality", pipeline_name: "failing", run_id: "1", check_name: "c", score: 0.1, threshold: 0.5 },
  ]);
  const fires = ["PipelineLastRunFailed", "DataQualityBelowThreshold"];
  const firing = `ALERTS{alertstate="firing", alertname=~"${fires.join("|")}"}`;
  await prometheus.until(async () => (await prometheus.query(firing)).length === fires.length);
  const stop = new AbortController();
  const running = keepRunning(stop.signal);
  try {
    for (const signal of ["SIGTERM", "SIGKILL", "SIGSTOP"] as const) await failover(signal);
  } finally {
    stop.abort();
    await running;
  }
  const busy = 'pipeline_runs_total{pipeline_name="busy", status="success"}';
  await prometheus.until(async () => (await prometheus.query(busy))[0]?.value === succeeded);

  // No two agents ever showed the same.
  for (const what of ["duplicate_timestamp", "out_of_bounds"])
    expect(await prometheus.own(`prometheus_target_scrapes_sample_${what}_total`), what).toBe(0);
  // An answer that an agent was writing when it was stopped may end when it wakes: it is older than what is known, and refused.
  const [scraped] = await prometheus.query("max(max_over_time(scrape_samples_scraped[10m]))");
  const late = await prometheus.own("prometheus_target_scrapes_sample_out_of_order_total");
  expect(late).toBeLessThanOrEqual(scraped!.value);
  // Each series is one, whoever showed it, and no counter ever went back.
  for (const name of counts) {
    const all = await prometheus.samples(`${name}[10m]`);
    expect(new Set(all.map(({ metric }) => metric.instance))).toEqual(new Set([undefined]));
    for (const { metric, samples } of all) {
      const values = samples.map(({ value }) => value);
      expect(values, JSON.stringify(metric)).toEqual(values.toSorted((a, b) => a - b));
    }
  }
  const { samples } = (await prometheus.samples(`${busy}[10m]`))[0]!;
  expect([samples[0]!.value, samples.at(-1)!.value]).toEqual([0, succeeded]);
  const [increase] = await prometheus.query(`increase(${busy}[10m])`);
  expect(increase!.value / succeeded).toBeGreaterThan(0.95);
  expect(increase!.value / succeeded).toBeLessThan(1.2);

  // An alert that fires is the same one since it began, and none began because of a failover.
  for (const { metric, samples } of await prometheus.samples(`ALERTS_FOR_STATE{alertname=~"${fires.join("|")}"}[10m]`))
    expect(new Set(samples.map(({ value }) => value)).size, JSON.stringify(metric)).toBe(1);
  expect(await prometheus.query(firing)).toHaveLength(fires.length);
  expect(await prometheus.samples('ALERTS{alertstate="firing", alertname="SluiceLeaseUnheld"}[10m]')).toEqual([]);
});
