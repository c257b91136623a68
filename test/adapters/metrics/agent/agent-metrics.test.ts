import { expect, test } from "vitest";
import { createAgentMetrics } from "../../../../src/adapters/metrics/agent/agent-metrics.ts";
import { checkMetrics } from "../promtool.ts";

const readings = {
  queue_reports: () => 7,
  series: () => 8,
  series_cap: () => 9,
  store_up: () => false,
  gate_waiters: () => 0,
  config_right: () => true,
};

test("every value of every label is there at 0 from the start", async () => {
  const body = await createAgentMetrics("1.2.3", readings).registry.metrics();
  for (const kind of ["run", "records", "quality", "latency", "freshness", "unknown"]) {
    for (const outcome of ["accepted", "duplicate", "rejected"]) {
      expect(body).toContain(`sluice_reports_total{kind="${kind}",outcome="${outcome}"} 0`);
    }
  }
  expect(body).toContain('sluice_series_dropped_total{family="data_quality_score"} 0');
  expect(body).toContain("sluice_observe_failures_total 0");
  expect(body).toContain('sluice_build_info{version="1.2.3"} 1');
});

test("readings are taken when they are asked for", async () => {
  const body = await createAgentMetrics("1.2.3", readings).registry.metrics();
  expect(body).toContain("sluice_queue_reports 7\n");
  expect(body).toContain("sluice_series 8\n");
  expect(body).toContain("sluice_series_cap 9\n");
  expect(body).toContain("sluice_store_up 0\n");
});

test("the process metrics have plausible values, and their counters do not fall", async () => {
  const { registry } = createAgentMetrics("1.2.3", readings);
  const read = async (name: string) => {
    return Number(new RegExp(`^${name} (\\S+)$`, "m").exec(await registry.metrics())![1]);
  };
  const cpu = await read("process_cpu_seconds_total");
  expect(cpu).toBeGreaterThan(0);
  expect(await read("process_cpu_seconds_total")).toBeGreaterThanOrEqual(cpu);
  expect(await read("process_resident_memory_bytes")).toBeGreaterThan(10e6);
  expect(Math.abs((await read("process_start_time_seconds")) - (Date.now() / 1000 - process.uptime()))).toBeLessThan(1);
  expect(await read("process_open_fds")).toBeGreaterThan(3);
  expect(await read("process_max_fds")).toBeGreaterThan(await read("process_open_fds"));
});

test("counts add up, two agents in one process do not share them, and promtool agrees", async () => {
  const agent = createAgentMetrics("1.2.3", readings);
  agent.reports("run", "accepted", 2);
  agent.reports("run", "accepted", 3);
  agent.dropped("pipeline_duration_seconds", 11);
  agent.observeFailed();
  const body = await agent.registry.metrics();
  expect(body).toContain('sluice_reports_total{kind="run",outcome="accepted"} 5');
  expect(body).toContain('sluice_series_dropped_total{family="pipeline_duration_seconds"} 11');
  expect(body).toContain("sluice_observe_failures_total 1");
  expect(await createAgentMetrics("1.2.3", readings).registry.metrics()).toContain("sluice_observe_failures_total 0");
  expect(checkMetrics(body)).toBe("");
});

test("what is off is not there: not of the process, and not among the families that may be dropped", async () => {
  const off = ["process_cpu_user_seconds_total", "nodejs_external_memory_bytes", "feature_rows"];
  const body = await createAgentMetrics("1.2.3", readings, off).registry.metrics();
  for (const family of off) expect(body).not.toContain(family);
  expect(body).toContain("process_cpu_seconds_total");
  expect(body).toContain('sluice_series_dropped_total{family="feature_drift_score"} 0');
});
