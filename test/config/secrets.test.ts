import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { ConfigError, describeConfig, redact } from "../../src/config.ts";
import { load } from "./load.ts";

const KEY = `sluice_${"Ab-_9".repeat(8)}xyz`;

test("the printable configuration shows neither passwords nor hashes", () => {
  const env = {
    DATABASE_URL: "postgresql://app:hunter2@db:5432/orders?sslmode=require&password=hunter3",
    OTEL_EXPORTER_OTLP_ENDPOINT: "https://tenant:hunter5@otlp.example/v1?token=hunter6",
  };
  const hash = "ab".repeat(32);
  const { config } = load(env, { "sluice.yaml": `api_keys: [{name: etl, hash: ${hash}, roles: [read]}]` });
  const printed = describeConfig(config);
  expect(printed).toMatchObject({
    database_url: "postgresql://app:<secret>@db:5432/orders?sslmode=require&password=<secret>",
    telemetry: { otlp_endpoint: "https://tenant:<secret>@otlp.example/v1?token=<secret>" },
    api_keys: [{ name: "etl", hash: "<secret>", roles: ["read"], pipelines: null }],
  });
  expect(JSON.stringify(printed)).not.toMatch(/hunter|abab/);
});

test("nor is it shown where it is refused", () => {
  let thrown: unknown;
  try {
    load({ REDIS_URL: "rediss://:hunter4@cache:6379/1" });
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(ConfigError);
  expect(inspect(thrown)).not.toContain("hunter");
});

describe("no message shows a secret, wherever it was put:", () => {
  const secret = "postgres://app:hunter2@db/orders";
  test.each<[string, Record<string, string>, Record<string, string>]>([
    ["a URL in the wrong variable", { SLUICE_LISTEN: secret, SLUICE_LOG_LEVEL: secret }, {}],
    ["a URL with a password that is not encoded", { OTEL_EXPORTER_OTLP_ENDPOINT: "https://a:hun/hunter2@b:x" }, {}],
    ["a URL as the name of a file", { DATABASE_URL_FILE: secret, SLUICE_CONFIG: secret }, {}],
    ["a key as the name of a file", { SLUICE_API_KEYS_FILE: KEY }, {}],
    ["a key as a name", {}, { "sluice.yaml": `api_keys: [{name: "${KEY}\\n", hash: x, roles: [${KEY}]}]` }],
    ["a key as a key", {}, { "sluice.yaml": `${KEY}: 1\napi_keys: ${KEY}` }],
    ["a URL under another key", {}, { "sluice.yaml": `database: ${secret}\nlog_level: ${secret}\nlimits: ${secret}` }],
    ["a URL as a number", {}, { "sluice.yaml": `database_url: [${secret}]\nlimits: {body_bytes: ${secret}}` }],
    ["a URL in broken YAML", {}, { "sluice.yaml": `database_url: "${secret}\n  - *hunter2\n!!${KEY} x` }],
  ])("%s", (_what, env, files) => {
    let thrown: unknown;
    try {
      load(env, files);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(ConfigError);
    const said = inspect(thrown, { depth: 9 });
    expect(said).not.toContain("hunter2@");
    expect(said).not.toContain(KEY);
  });
});

test("texts from outside are printed without keys and passwords", () => {
  expect(redact(`connect postgres://app:a@b:c@db/x?password=y failed for ${KEY}`)).toBe(
    "connect postgres://app:<secret>@db/x?password=<secret> failed for <secret>",
  );
  expect(redact("http://127.0.0.1:9877/docs is ready")).toBe("http://127.0.0.1:9877/docs is ready");
});
