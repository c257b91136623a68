import { describe, expect, test } from "vitest";
import { errors, load } from "./load.ts";

const ADDRESS =
  'an address and a port (0 to 65535) such as 127.0.0.1:9877, "[::1]:9877", or ":9877" for all interfaces';
const POSTGRES = "a URL that starts with postgres:// or postgresql://";

describe("a wrong value names the variable, the value and what is allowed:", () => {
  test.each([
    ["SLUICE_LISTEN", "9877", `"9877" given; must be ${ADDRESS}`],
    ["SLUICE_LISTEN", "127.0.0.1", `"127.0.0.1" given; must be ${ADDRESS}`],
    ["SLUICE_LISTEN", "127.0.0.1:65536", `"127.0.0.1:65536" given; must be ${ADDRESS}`],
    ["SLUICE_LISTEN", "::1:9877", `"::1:9877" given; must be ${ADDRESS}`],
    ["SLUICE_LISTEN", "[localhost]:9877", `"[localhost]:9877" given; must be ${ADDRESS}`],
    ["SLUICE_LISTEN", "http://127.0.0.1:9877", `"http://127.0.0.1:9877" given; must be ${ADDRESS}`],
    ["SLUICE_LISTEN", "", `"" given; must be ${ADDRESS}`],
    ["SLUICE_DATA_DIR", "", '"" given; must be the path of a directory'],
    ["DATABASE_URL", "mysql://app:hunter2@db/orders", `<secret> given; must be ${POSTGRES}`],
    ["DATABASE_URL", "postgres://app:hun/ter2@db/orders", `<secret> given; must be ${POSTGRES}`],
    ["DATABASE_URL", "", `<secret> given; must be ${POSTGRES}`],
    ["DATABASE_URL", "postgres://app:hunter2@a:5432,b:x/orders", `<secret> given; must be ${POSTGRES}`],
    [
      "REDIS_URL",
      "redis://127.0.0.1:6379",
      "<secret> given; must be null: agents on one database hear each other through it",
    ],
    ["SLUICE_LOG_LEVEL", "loud", '"loud" given; must be one of debug, info, warn, error'],
    ["SLUICE_LOG_LEVEL", "INFO", '"INFO" given; must be one of debug, info, warn, error'],
    [
      "OTEL_EXPORTER_OTLP_ENDPOINT",
      "collector:4318",
      '"collector:4318" given; must be a URL that starts with http:// or https://',
    ],
    ["SLUICE_CONFIG", "nowhere.yaml", '"nowhere.yaml" given; there is no such file (looked for in /work)'],
    ["SLUICE_CONFIG", "", '"" given; must be the path of a file'],
    ["SLUICE_API_KEYS_FILE", "keys.yaml", '"keys.yaml" given; there is no such file (looked for in /work)'],
    ["DATABASE_URL_FILE", "/run/secrets/db", '"/run/secrets/db" given; there is no such file (looked for in /work)'],
  ])("%s=%s", (name, value, message) => {
    expect(errors({ [name]: value })).toEqual([`${name}: ${message}`]);
  });
});

test("all of them are told at once", () => {
  expect(errors({ SLUICE_LOG_LEVEL: "x", SLUICE_LISTEN: "x", REDIS_URL: "x" })).toHaveLength(3);
});

test.each([
  ["127.0.0.1:9877", { host: "127.0.0.1", port: 9877 }],
  ["[::1]:9877", { host: "::1", port: 9877 }],
  ["localhost:0", { host: "localhost", port: 0 }],
])("SLUICE_LISTEN=%s is taken apart", (given, listen) => {
  expect(load({ SLUICE_LISTEN: given }).config.listen).toEqual(listen);
});

test(":9877 is all interfaces", () => {
  expect(load({ SLUICE_LISTEN: ":9877" }, {}, { listens: false }).config.listen).toEqual({ host: "::", port: 9877 });
});

test("a relative data directory starts where the program does", () => {
  expect(load({ SLUICE_DATA_DIR: "../data" }).config.data_dir).toBe("/data");
  expect(load({ SLUICE_DATA_DIR: "/var/lib/sluice" }).config.data_dir).toBe("/var/lib/sluice");
});

test("DATABASE_URL may name several servers", () => {
  const database_url = "postgresql://app:pw@a:5432,[::1]:5433/orders?target_session_attrs=read-write";
  expect(load({ DATABASE_URL: database_url }).config.database_url).toBe(database_url);
});

test("an empty OTEL_EXPORTER_OTLP_ENDPOINT is one that is not set, as OpenTelemetry says", () => {
  const file = { "sluice.yaml": "telemetry: {otlp_endpoint: http://collector:4318}" };
  expect(load({ OTEL_EXPORTER_OTLP_ENDPOINT: "" }, file).config.telemetry.otlp_endpoint).toBe("http://collector:4318");
});

describe("a secret in a file", () => {
  const env = { DATABASE_URL_FILE: "db-url" };
  const files = { "db-url": "postgres://app:pw@db/orders\r\n" };

  test("is read without the line break at its end", () => {
    expect(load(env, files).config).toMatchObject({
      database_url: "postgres://app:pw@db/orders",
    });
  });

  test("cannot be given in the variable as well", () => {
    expect(errors({ ...env, DATABASE_URL: "postgres://app:hunter2@db/orders" }, files)).toEqual([
      "DATABASE_URL: both DATABASE_URL and DATABASE_URL_FILE are set; keep one of them",
    ]);
  });

  test("is not shown when it is wrong", () => {
    expect(errors({ DATABASE_URL_FILE: "db-url" }, { "db-url": "hunter2" })).toEqual([
      `DATABASE_URL_FILE: <secret> given; must be ${POSTGRES}`,
    ]);
  });
});

describe("precedence", () => {
  const file = { "sluice.yaml": "listen: 127.0.0.1:1\nlog_level: warn\ndatabase_url: postgres://file/db\n" };

  test("the file wins over the default", () => {
    expect(load({}, file).config).toMatchObject({ listen: { port: 1 }, log_level: "warn" });
  });
  test("a variable wins over the file", () => {
    expect(load({ SLUICE_LISTEN: "127.0.0.1:2" }, file).config).toMatchObject({
      listen: { port: 2 },
      log_level: "warn",
    });
  });
  test("a variable's file wins over the file", () => {
    const config = load({ DATABASE_URL_FILE: "url" }, { ...file, url: "postgres://secret/db" }).config;
    expect(config.database_url).toBe("postgres://secret/db");
  });
});

describe("an unknown SLUICE_ variable is a warning", () => {
  const warning = (name: string, value = "x") => load({ [name]: value }).warnings;

  test.each([
    ["SLUICE_LISTN", "SLUICE_LISTEN"],
    ["SLUICE_LOGLEVEL", "SLUICE_LOG_LEVEL"],
    ["SLUICE_API_KEY_FILE", "SLUICE_API_KEYS_FILE"],
    ["sluice_data_dir", "SLUICE_DATA_DIR"],
  ])("%s: did you mean %s?", (given, meant) => {
    expect(warning(given)).toEqual([
      `${given} is set, but no variable of Sluice has this name, so it changes nothing; did you mean ${meant}?`,
    ]);
  });

  test("that names them all where none is near", () => {
    expect(warning("SLUICE_FAVOURITE_COLOUR")).toEqual([
      "SLUICE_FAVOURITE_COLOUR is set, but no variable of Sluice has this name, so it changes nothing; the variables are " +
        "SLUICE_CONFIG, SLUICE_LISTEN, SLUICE_DATA_DIR, DATABASE_URL, DATABASE_URL_FILE, REDIS_URL, REDIS_URL_FILE, " +
        "SLUICE_LOG_LEVEL, SLUICE_API_KEYS_FILE, SLUICE_SHUTDOWN_DELAY, SLUICE_SLACK_WEBHOOK_URL, SLUICE_SLACK_WEBHOOK_URL_FILE, OTEL_EXPORTER_OTLP_ENDPOINT, SLUICE_URL, SLUICE_API_KEY, SLUICE_SPOOL_DIR, SLUICE_FLUSH_DEADLINE, SLUICE_PIPELINE_NAME, SLUICE_RUN_ID, SLUICE_ATTEMPT, SLUICE_TRY",
    ]);
  });

  test("but not those of clients, nor those that Kubernetes makes for a service named sluice", () => {
    expect(warning("SLUICE_URL")).toEqual([]);
    expect(warning("SLUICE_API_KEY")).toEqual([]);
    expect(warning("SLUICE_SERVICE_HOST", "10.0.0.1")).toEqual([]);
    expect(warning("SLUICE_PORT_9877_TCP_ADDR", "10.0.0.1")).toEqual([]);
    expect(warning("SLUICE_PORT", "tcp://10.0.0.1:9877")).toEqual([]);
    expect(warning("SLUICE_PORT", "9877")).toHaveLength(1);
  });
});
