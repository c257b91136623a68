import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { configSchemaText } from "../../src/config.ts";
import { sluice } from "./edge.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "sluice-config-"));
});
afterEach(() => rm(directory, { recursive: true }));

const sluiceYaml = (text: string) => writeFile(path.join(directory, "sluice.yaml"), text);

test("config check prints what is in force, secrets hidden", async () => {
  await sluiceYaml(`# ours
retention: 30d
limits:
  body_bytes: 1048576
api_keys:
  - name: etl
    hash: ${"0123456789abcdef".repeat(4)}
    roles: [report, read]
    pipelines: ["orders_*"]
sla:
  targets:
    - {pipeline_name: "*_daily", kind: run, target: 99.5}
`);
  const env = { DATABASE_URL: "postgres://app:hunter2@db/orders", SLUICE_LISTEN: ":9877", SLUICE_DATA_DIR: "/data" };
  expect(await sluice(["config", "check"], directory, env)).toEqual({
    code: 0,
    err: "",
    out: `ok: this is what the agent would start with (from sluice.yaml and the environment)

listen: "[::]:9877"
data_dir: /data
database_url: postgres://app:<secret>@db/orders
redis_url: null
log_level: info
api_keys:
  - name: etl
    hash: <secret>
    roles:
      - report
      - read
    pipelines:
      - orders_*
trusted_proxies: []
retention: 30d
shutdown_delay: 0s
metrics:
  birth_hold: 35s
  series_cap: 2000000
  off: []
  require_key: false
limits:
  body_bytes: 1MiB
  batch_items: 10000
  queue_reports: 20000
  commit_reports: 2000
  bodies_in_flight_bytes: 256MiB
  requests_per_minute: null
  keyless_requests_per_minute: 6000
  connections: 10000
  connections_per_address: 2000
  request_timeout: 30s
  listeners_per_key: 200
  listeners: 1000
  listener_timeout: 20s
  new_pipelines_per_minute: 2000
  pipelines_per_key: 20000
  stages_per_pipeline: 1000
  checks_per_pipeline: 10000
  features_per_pipeline: 10000
  operations_per_pipeline: 1000
  datasets_per_pipeline: 1000
sla:
  target: 99
  targets:
    - pipeline_name: "*_daily"
      kind: run
      target: 99.5
drift:
  threshold: 0.2
  alpha: 0.01
  features: []
gate:
  run: block
  max_duration: null
  attach_window: 6h
  quality:
    failed: block
    warned: warn
    errored: block
    minimum: 0.9
    overall: block
    checks: []
  records:
    below_minimum: block
    minimum: []
    nonzero: null
    may_be_zero:
      - rejected
      - failed
      - errors
      - dead_letter*
      - quarantine*
      - duplicates*
    zero: block
    rejected: warn
    rejected_share: 0.05
    all_rejected: block
    ratios:
      - stage: load
        of: transform
        minimum: 0.95
        maximum: 1.05
      - stage: loaded
        of: transformed
        minimum: 0.95
        maximum: 1.05
    ratio: block
  drift:
    drifted: block
    no_data: block
    inconclusive: warn
    missing: warn
    retyped: block
    features: []
  schema:
    removed: block
    renamed: block
    retyped: block
    learned: warn
    added: warn
  freshness:
    max_lag: null
    datasets: []
    stale: block
  latency: []
  rejected: unknown
  alerts: block
  depends_on: []
  upstream: block
  requires:
    checks: []
    stages: []
    features: []
  on_unknown: block
  max_age: null
  policies: []
alertmanager:
  repeat_interval: 4h
teams: []
aliases: {}
notices:
  public_url: null
  dashboard_url: null
  runbook_url: null
  group_wait: 2s
  group_at: 5
  repeat_interval: 4h
  quiet_hours:
    from: null
    to: null
    timezone: UTC
    weekends: false
  channels: []
  routes: []
  digests: []
telemetry:
  otlp_endpoint: null
`,
  });
});

test("config check says so when there is no file", async () => {
  const { code, out } = await sluice(["config", "check"], directory);
  expect(code).toBe(0);
  expect(out.split("\n")[0]).toBe(
    "ok: this is what the agent would start with (from the environment alone, there is no sluice.yaml here)",
  );
});

test("config check prints every error and warning, and ends with 1", async () => {
  await sluiceYaml("limits:\n  body_bytes: 16XB\n");
  const env = { DATABASE_URL: "mysql://app:hunter2@db/orders", SLUICE_LISTN: ":9877" };
  expect(await sluice(["config", "check"], directory, env)).toEqual({
    code: 1,
    out: "",
    err: `warning: SLUICE_LISTN is set, but no variable of Sluice has this name, so it changes nothing; did you mean SLUICE_LISTEN?
The configuration has 2 errors:
  DATABASE_URL: <secret> given; must be a URL that starts with postgres:// or postgresql://
  sluice.yaml:2:15: limits.body_bytes: "16XB" given; must be a size from 1KiB to 1GiB such as 16MiB, or a whole number of bytes
`,
  });
});

test("a file that cannot be read is told", async () => {
  const { code, err } = await sluice(["config", "check"], directory, { SLUICE_CONFIG: directory });
  expect([code, err]).toEqual([
    1,
    `The configuration has an error:\n  SLUICE_CONFIG: ${JSON.stringify(directory)} given; it is a directory (EISDIR)\n`,
  ]);
});

test("config schema prints the schema and nothing else", async () => {
  expect(await sluice(["config", "schema"], directory)).toEqual({ code: 0, out: configSchemaText(), err: "" });
});
