import { describe, expect, test } from "vitest";
import { describeConfig } from "../../src/config.ts";
import { errors, load } from "./load.ts";

const wrong = (text: string) => errors({}, { "sluice.yaml": text });

describe("what is no YAML is told with line and column:", () => {
  test.each([
    ["a key that is there twice", "retention: 1d\nlog_level: info\nretention: 2d\n", "3:1: this key is there twice"],
    ["a tab", "limits:\n\tbatch_items: 1\n", "2:1: a tab indents this line; use spaces"],
    [
      "a second document",
      "log_level: info\n---\nlog_level: warn\n",
      "2:1: a second document starts here (---); there must be one only",
    ],
    [
      "a glob without quotes",
      "sla:\n  targets:\n    - {pipeline_name: *_daily, target: 98}\n",
      '3:23: a value that starts with * must be quoted, such as "*" or "*_daily"',
    ],
    [
      "a lonely * without quotes",
      "sla:\n  targets:\n    - pipeline_name: *\n      target: 98\n",
      '3:22: a value that starts with * must be quoted, such as "*" or "*_daily"',
    ],
    [
      "an address without quotes",
      "listen: [::1]:9877\n",
      "1:14: this is not valid YAML: unexpected scalar at node end (a text with special characters needs quotes)",
    ],
  ])("%s", (_what, text, message) => expect(wrong(text)).toEqual([`sluice.yaml:${message}`]));
});

describe("a wrong key or value is told with line, column, key, value and what is allowed:", () => {
  test.each([
    ["limits:\n  batch_item: 3\n", "2:3: limits.batch_item: this key is not known; did you mean batch_items?"],
    [
      "metrics:\n  colour: red\n",
      "2:3: metrics.colour: this key is not known; the keys are birth_hold, series_cap, off, require_key",
    ],
    [
      "__proto__: {a: 1}\n",
      "1:1: __proto__: this key is not known; the keys are listen, data_dir, database_url, redis_url, log_level, api_keys, trusted_proxies, retention, shutdown_delay, metrics, limits, sla, drift, gate, alertmanager, teams, aliases, notices, telemetry",
    ],
    [
      "- log_level\n",
      "1:1: a list given; must be keys and values; the keys are listen, data_dir, database_url, redis_url, log_level, api_keys, trusted_proxies, retention, shutdown_delay, metrics, limits, sla, drift, gate, alertmanager, teams, aliases, notices, telemetry",
    ],
    ["log_level: loud\n", '1:12: log_level: "loud" given; must be one of debug, info, warn, error'],
    ["log_level:\n", "1:11: log_level: null given; must be one of debug, info, warn, error"],
    [
      "# first\nretention: 13 months\n",
      '2:12: retention: "13 months" given; must be a duration from 1d to 3660d such as 400d (units: s, m, h, d)',
    ],
    [
      "retention: 23h\n",
      '1:12: retention: "23h" given; must be a duration from 1d to 3660d such as 400d (units: s, m, h, d)',
    ],
    [
      "metrics: {birth_hold: 35}\n",
      "1:23: metrics.birth_hold: 35 given; must be a duration from 0s to 10m such as 35s (units: s, m, h, d)",
    ],
    ["metrics: {require_key: yes}\n", '1:24: metrics.require_key: "yes" given; must be true or false'],
    [
      "metrics: {off: [feature_rows, gate_allowed]}\n",
      '1:31: metrics.off[1]: "gate_allowed" given; must be a family that no shipped alert reads: one of records_failed_total, ' +
        "feature_drift_threshold, feature_drift_p_value, feature_rows, data_through_timestamp_seconds, " +
        "pipeline_last_run_duration_seconds, sla_rate_ratio, process_cpu_user_seconds_total, " +
        "process_cpu_system_seconds_total, nodejs_external_memory_bytes",
    ],
    ["metrics: {series_cap: 0}\n", "1:23: metrics.series_cap: 0 given; must be a whole number from 1 to 100000000"],
    [
      "limits: {body_bytes: 16XB}\n",
      '1:22: limits.body_bytes: "16XB" given; must be a size from 1KiB to 1GiB such as 16MiB, or a whole number of bytes',
    ],
    [
      "limits: {body_bytes: 2GiB}\n",
      '1:22: limits.body_bytes: "2GiB" given; must be a size from 1KiB to 1GiB such as 16MiB, or a whole number of bytes',
    ],
    [
      "limits: {queue_reports: 1.5}\n",
      "1:25: limits.queue_reports: 1.5 given; must be a whole number from 1 to 10000000",
    ],
    [
      "limits: {requests_per_minute: 0}\n",
      "1:31: limits.requests_per_minute: 0 given; must be a whole number from 1 to 1000000000, or null (unlimited)",
    ],
    [
      "limits: 3\n",
      "1:9: limits: 3 given; must be keys and values; the keys are body_bytes, batch_items, queue_reports, commit_reports, bodies_in_flight_bytes, requests_per_minute, keyless_requests_per_minute, connections, connections_per_address, request_timeout, listeners_per_key, listeners, listener_timeout, new_pipelines_per_minute, pipelines_per_key, stages_per_pipeline, checks_per_pipeline, features_per_pipeline, operations_per_pipeline, datasets_per_pipeline",
    ],
    [
      "sla: {target: 0.99}\n",
      "1:15: sla.target: 0.99 given; must be a percentage such as 99, above 1 and at most 100 (99 % is written 99, not 0.99)",
    ],
    [
      "sla: {target: 100.1}\n",
      "1:15: sla.target: 100.1 given; must be a percentage such as 99, above 1 and at most 100 (99 % is written 99, not 0.99)",
    ],
    [
      "sla:\n  targets:\n    - pipeline_name: orders\n",
      "3:7: sla.targets[0].target: missing; must be a percentage such as 99, above 1 and at most 100 (99 % is written 99, not 0.99)",
    ],
    [
      "sla:\n  targets:\n    - {pipeline_name: a, target: 99}\n    - {pipeline_name: b, kind: speed, target: 99}\n",
      '4:32: sla.targets[1].kind: "speed" given; must be one of quality, run, drift, freshness, volume, latency; without it every kind',
    ],
    [
      "sla:\n  targets:\n    - {pipeline_name: a, target: 99}\n    - {pipeline_name: a, target: 98}\n",
      "4:7: a second target for every kind of a; the first is at sluice.yaml:3:7",
    ],
    [
      "drift:\n  features:\n    - {pipeline_name: clicks, feature_name: age, window: 1 hour}\n",
      '3:58: drift.features[0].window: "1 hour" given; must be a duration from 1m to 7d such as 1h (units: s, m, h, d)',
    ],
    [
      "drift:\n  features:\n    - {pipeline_name: clicks, feature_name: age, window: 30s}\n",
      '3:58: drift.features[0].window: "30s" given; must be a duration from 1m to 7d such as 1h (units: s, m, h, d)',
    ],
    [
      "drift: {features: [{pipeline_name: clicks, feature_name: age, window: 8d}]}\n",
      '1:71: drift.features[0].window: "8d" given; must be a duration from 1m to 7d such as 1h (units: s, m, h, d)',
    ],
    [
      "telemetry: {otlp_endpoint: ftp://x}\n",
      '1:28: telemetry.otlp_endpoint: "ftp://x" given; must be a URL that starts with http:// or https://, or null (no traces)',
    ],
    [
      "database_url: 7\n",
      "1:15: database_url: <secret> given; must be a URL that starts with postgres:// or postgresql://, or null (the embedded server)",
    ],
    [
      "limits: {body_bytes: 2MiB, bodies_in_flight_bytes: 1MiB}\n",
      "1:22: limits.body_bytes (2097152) is larger than limits.bodies_in_flight_bytes (1048576), so the largest body would never be taken",
    ],
  ])("%s", (text, message) => expect(wrong(text)).toEqual([`sluice.yaml:${message}`]));
});

test("all of them are told at once, from top to bottom, after the variables", () => {
  const text = "retention: 9h\nsla: {target: 0.99}\nlimits:\n  batch_items: none\n";
  const places = errors({ SLUICE_LOG_LEVEL: "loud" }, { "sluice.yaml": text }).map((line) => line.split(": ")[0]);
  expect(places).toEqual(["SLUICE_LOG_LEVEL", "sluice.yaml:1:12", "sluice.yaml:2:15", "sluice.yaml:4:16"]);
});

test("SLUICE_CONFIG names another file, and messages say its name", () => {
  expect(errors({ SLUICE_CONFIG: "etc/prod.yaml" }, { "etc/prod.yaml": "log_level: x" })).toEqual([
    'etc/prod.yaml:1:12: log_level: "x" given; must be one of debug, info, warn, error',
  ]);
});

test("relative paths in a file start at the file", () => {
  const { config } = load({ SLUICE_CONFIG: "etc/prod.yaml" }, { "etc/prod.yaml": "data_dir: data" });
  expect(config.data_dir).toBe("/work/etc/data");
});

test("a file of comments, and sections with nothing in them, are the defaults; a file of nothing is none", () => {
  const defaults = load().config;
  expect(wrong("")).toEqual([
    "sluice.yaml: the file is empty; remove it, or write {} into it, where nothing is to be set",
  ]);
  expect(wrong(" \n\n")).toEqual(wrong(""));
  expect(load({}, { "sluice.yaml": "{}\n" }).config).toEqual(defaults);
  expect(load({}, { "sluice.yaml": "# nothing yet\n" }).config).toEqual(defaults);
  expect(load({}, { "sluice.yaml": "limits:\nmetrics:\nsla:\n  targets:\napi_keys:\n" }).config).toEqual(defaults);
});

test("sizes are bytes or texts with a unit", () => {
  const bytes = (size: string) => load({}, { "sluice.yaml": `limits: {body_bytes: ${size}}` }).config.limits.body_bytes;
  expect(["4096", "64KiB", "2 MiB", "1MB"].map(bytes)).toEqual([4096, 65_536, 2_097_152, 1_000_000]);
});

test("targets keep their kind, or have none", () => {
  const text =
    'sla: {target: 95, targets: [{pipeline_name: "a*", target: 99.9}, {pipeline_name: b, kind: run, target: 90}]}';
  expect(load({}, { "sluice.yaml": text }).config.sla).toEqual({
    target: 95,
    targets: [
      { pipeline_name: "a*", target: 99.9 },
      { pipeline_name: "b", kind: "run", target: 90 },
    ],
  });
});

test("windows of features are milliseconds, and are written as durations", () => {
  const text = `drift:
  features:
    - {pipeline_name: "clicks_*", feature_name: "*", window: 90m}
    - {pipeline_name: "clicks_*", feature_name: age, threshold: 0.1}
`;
  const { config } = load({}, { "sluice.yaml": text });
  expect(config.drift.features).toEqual([
    { pipeline_name: "clicks_*", feature_name: "*", window: 90 * 60_000 },
    { pipeline_name: "clicks_*", feature_name: "age", threshold: 0.1 },
  ]);
  expect(describeConfig(config).drift).toMatchObject({ features: [{ window: "90m" }, { threshold: 0.1 }] });
});

test("an anchor may be used again", () => {
  const text =
    "retention: &long 30d\nmetrics: {birth_hold: 30s}\nsla: {targets: [&t {pipeline_name: a, target: 99}]}\n";
  expect(load({}, { "sluice.yaml": text }).config.retention).toBe(30 * 86_400_000);
});

test("a hundred thousand aliases of aliases are refused, not unfolded", () => {
  const levels = Array.from({ length: 9 }, (_, i) => `x${i + 1}: &x${i + 1} [${Array(10).fill(`*x${i}`).join(", ")}]`);
  expect(wrong(["x0: &x0 [1]", ...levels].join("\n"))[0]).toBe(
    "sluice.yaml:1:1: this is not valid YAML: excessive alias count indicates a resource exhaustion attack (a text with special characters needs quotes)",
  );
});
