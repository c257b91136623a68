import { expect, test } from "vitest";
import { DEFAULT_POLICY } from "../../src/domain/gate/policy/policy.ts";
import { load } from "./load.ts";

test("nothing set: the documented defaults", () => {
  const { config, warnings, file } = load();
  expect(config).toEqual({
    listen: { host: "127.0.0.1", port: 9877 },
    data_dir: "/work/sluice-data",
    database_url: null,
    redis_url: null,
    log_level: "info",
    api_keys: [],
    trusted_proxies: [],
    retention: 400 * 86_400_000,
    shutdown_delay: 0,
    metrics: { birth_hold: 35_000, series_cap: 2_000_000, off: [], require_key: false },
    limits: {
      body_bytes: 16 * 1024 * 1024,
      batch_items: 10_000,
      queue_reports: 20_000,
      commit_reports: 2_000,
      bodies_in_flight_bytes: 256 * 1024 * 1024,
      requests_per_minute: null,
      keyless_requests_per_minute: 6_000,
      connections: 10_000,
      connections_per_address: 2_000,
      request_timeout: 30_000,
      listeners_per_key: 200,
      listeners: 1000,
      listener_timeout: 20_000,
      new_pipelines_per_minute: 2000,
      pipelines_per_key: 20_000,
      stages_per_pipeline: 1000,
      checks_per_pipeline: 10_000,
      features_per_pipeline: 10_000,
      operations_per_pipeline: 1000,
      datasets_per_pipeline: 1000,
    },
    sla: { target: 99, targets: [] },
    drift: { threshold: 0.2, alpha: 0.01, features: [] },
    gate: { defaults: DEFAULT_POLICY, entries: [] },
    alertmanager: { repeat_interval: 4 * 3_600_000 },
    teams: [],
    aliases: {},
    notices: {
      public_url: null,
      dashboard_url: null,
      runbook_url: null,
      group_wait: 2000,
      group_at: 5,
      repeat_interval: 4 * 3_600_000,
      quiet_hours: null,
      channels: [],
      routes: [],
      digests: [],
    },
    telemetry: { otlp_endpoint: null },
  });
  expect(warnings).toEqual([]);
  expect(file).toBeNull();
});

test("the configuration is frozen, all the way down", () => {
  const { config } = load({}, { "sluice.yaml": "sla: {targets: [{pipeline_name: orders, target: 99.5}]}" });
  expect(() => Object.assign(config, { log_level: "debug" })).toThrow(TypeError);
  expect(() => Object.assign(config.limits, { batch_items: 1 })).toThrow(TypeError);
  expect(() => config.sla.targets.push({ pipeline_name: "x", target: 99 })).toThrow(TypeError);
  expect(() => Object.assign(config.sla.targets[0]!, { target: 1 })).toThrow(TypeError);
});
