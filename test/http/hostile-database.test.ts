import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterAll, describe, expect, test } from "vitest";
import { freePort } from "../../scripts/lib/free-port.mjs";
import { launchAgent, newDatabase, startAgent, type TestAgent, testServer } from "../support/agent.ts";
import { serverUser } from "../support/debian-postgres/programs.ts";
import { startDebianPostgres } from "../support/debian-postgres.ts";

const server = await testServer();
const admin = new pg.Client({ connectionString: server.url });
await admin.connect();
afterAll(() => admin.end());

/** The same database as another user. */
const as = (url: string, user: string) => url.replace("//postgres@", `//${user}@`);
const nameOf = (url: string) => url.slice(url.lastIndexOf("/") + 1);

async function eventually<T>(look: () => Promise<T>, right: (value: T) => boolean): Promise<T> {
  for (const deadline = Date.now() + 300_000; ; ) {
    const value = await look();
    if (right(value)) return value;
    if (Date.now() > deadline) throw new Error(`it did not come true within 5 min: ${JSON.stringify(value)}`);
    await sleep(50);
  }
}

/** What a start ends with. */
async function refusal(url: string): Promise<{ code: string; message: string }> {
  const { ready } = await launchAgent(url);
  const error = await ready.then(
    async (agent) => {
      await agent.stop();
      throw new Error("it started");
    },
    (reason: unknown) => reason as { code: string; message: string },
  );
  return { code: error.code, message: error.message };
}

/** Everything that looks otherwise, or is lost, under a setting that is not ours. */
const HOSTILE = {
  extra_float_digits: "0",
  array_nulls: "off",
  bytea_output: "escape",
  datestyle: "'SQL, DMY'",
  intervalstyle: "sql_standard",
  timezone: "'Asia/Kathmandu'",
  standard_conforming_strings: "off",
  client_encoding: "LATIN1",
  search_path: "'nowhere'",
  default_transaction_isolation: "serializable",
  default_transaction_read_only: "on",
  default_transaction_deferrable: "on",
  synchronous_commit: "off",
  lock_timeout: "'1ms'",
  statement_timeout: "'1ms'",
  idle_in_transaction_session_timeout: "'1ms'",
  idle_session_timeout: "'1ms'",
  transform_null_equals: "on",
  xmlbinary: "hex",
  row_security: "off",
  gin_fuzzy_search_limit: "1",
};

const REPORTS = [
  { kind: "run", pipeline_name: "pälzer_grüße_日本", run_id: "1", status: "started", at: 1_795_000_000.123 },
  {
    kind: "quality",
    pipeline_name: "pälzer_grüße_日本",
    run_id: "1",
    check_name: "c",
    score: 0.1 + 0.2,
    threshold: 1 / 3,
    at: 1_795_000_001,
  },
  {
    kind: "quality",
    pipeline_name: "pälzer_grüße_日本",
    run_id: "1",
    check_name: "d",
    score: null,
    error: "it's a \\ back\\slash",
    at: 1_795_000_002,
  },
  { kind: "records", pipeline_name: "pälzer_grüße_日本", run_id: "1", stage: "load", count: 7, at: 1_795_000_003 },
  { kind: "latency", pipeline_name: "pälzer_grüße_日本", operation: "o", seconds: [0.1, 0.7], at: 1_795_000_003 },
  {
    kind: "drift",
    pipeline_name: "pälzer_grüße_日本",
    run_id: "1",
    features: { f: { edges: [0, 0.1, 0.30000000000000004], counts: [5, 9] } },
    at: 1_795_000_004,
  },
  {
    kind: "run",
    pipeline_name: "pälzer_grüße_日本",
    run_id: "1",
    status: "success",
    duration_seconds: 0.123456789,
    at: 1_795_000_009,
  },
];

/** What was stored and what is read of it, but for keys and the times at which it was received. */
async function told(agent: TestAgent): Promise<unknown> {
  const reference = { edges: [0, 0.1, 0.30000000000000004], counts: [5, 9] };
  const put = { method: "PUT", path: "/v1/references/p%C3%A4lzer_gr%C3%BC%C3%9Fe_%E6%97%A5%E6%9C%AC/f" };
  const headers = { "content-type": "application/json" };
  expect((await agent.send({ ...put, headers, body: JSON.stringify(reference) })).status).toBe(200);
  const sent = await agent.post("/v1/reports", REPORTS);
  expect(sent.body).toEqual({ accepted: REPORTS.length, duplicates: 0, rejected: [], errors: [] });
  const answers: unknown[] = [];
  for (const route of ["runs", "quality", "drift/pälzer_grüße_日本", "sla/pälzer_grüße_日本", "pipelines", "gates"]) {
    const { status, body } = await agent.get(`/v1/${encodeURI(route)}`);
    expect(status, route).toBe(200);
    answers.push(body);
  }
  const rows = await agent.query(
    "SELECT score, threshold, extract(epoch FROM checked_at) AS at, error FROM quality_result ORDER BY checked_at",
  );
  const counts = await agent.query("SELECT encode(counts, 'hex') AS counts FROM drift_result");
  const text = JSON.stringify({ answers, rows, counts });
  return JSON.parse(
    text.replaceAll(
      /"(decision_id|decided_at|evaluated_at|recorded_at|born_at|valid_until|from|to|created_at|now|as_of|activated_at)":"[^"]*"/g,
      '"$1":"-"',
    ),
  );
}

describe("the settings of a role", () => {
  test("change nothing of what is stored and read", async () => {
    const [plainUrl, hostileUrl] = [await newDatabase(server), await newDatabase(server)];
    await admin.query(`CREATE ROLE hostile LOGIN; ALTER DATABASE ${nameOf(hostileUrl)} OWNER TO hostile`);
    for (const [name, value] of Object.entries(HOSTILE)) await admin.query(`ALTER ROLE hostile SET ${name} = ${value}`);
    const plain = await (await launchAgent(plainUrl)).ready;
    const hostile = await (await launchAgent(as(hostileUrl, "hostile"))).ready;
    try {
      // Asked as somebody whose settings are their own.
      const query = <R extends pg.QueryResultRow>(sql: string) =>
        plainSession(hostileUrl, (client) => client.query<R>(sql).then(({ rows }) => rows));
      expect(await told({ ...hostile, query } as TestAgent)).toEqual(await told(plain));
      const pids = await admin.query(
        "SELECT DISTINCT application_name FROM pg_stat_activity WHERE usename = 'hostile' AND application_name LIKE 'sluice-%'",
      );
      expect(pids.rows.length).toBeGreaterThan(2);
    } finally {
      await plain.stop();
      await hostile.stop();
    }
  });
});

async function plainSession<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

describe("a start is refused by name", () => {
  test.each(["LATIN1", "SQL_ASCII"])("on a database in %s", async (encoding) => {
    const name = `in_${encoding.toLowerCase()}`;
    await admin.query(`CREATE DATABASE ${name} ENCODING '${encoding}' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0`);
    expect(await refusal(server.url.replace(/postgres$/, name))).toEqual({
      code: "database_refused",
      message: `DATABASE_URL: the encoding of the database ${name} is ${encoding}, which cannot hold every name; make one in UTF8: CREATE DATABASE sluice ENCODING 'UTF8' TEMPLATE template0`,
    });
  });

  test("for a user with a connection limit of 2", async () => {
    const url = await newDatabase(server);
    await admin.query(`CREATE ROLE narrow LOGIN CONNECTION LIMIT 2; ALTER DATABASE ${nameOf(url)} OWNER TO narrow`);
    expect(await refusal(as(url, "narrow"))).toEqual({
      code: "database_refused",
      message:
        "DATABASE_URL: the user narrow may open 2 connections, and an agent opens up to 12; raise it: ALTER ROLE narrow CONNECTION LIMIT 12",
    });
    await admin.query("ALTER ROLE narrow CONNECTION LIMIT 12");
    const agent = await (await launchAgent(as(url, "narrow"))).ready;
    await agent.stop();
  });

  test("behind a PgBouncer, whether it complains of the settings or drops them", async () => {
    const behind = await startDebianPostgres({ tcp: true });
    const pooler =
      "DATABASE_URL: the settings of the session do not reach the server, so a pooler such as PgBouncer stands in between; name PostgreSQL itself: the agent pools its own connections";
    try {
      for (const mode of ["transaction", "session"]) {
        for (const ignored of ["", "ignore_startup_parameters = options,statement_timeout,extra_float_digits\n"]) {
          const bouncer = await startPgBouncer(new URL(behind.url).port, mode, ignored);
          try {
            expect(await refusal(bouncer.url)).toEqual({ code: "database_refused", message: pooler });
          } finally {
            await bouncer.stop();
          }
        }
      }
    } finally {
      await behind.dispose();
    }
  });
});

async function startPgBouncer(port: string, mode: string, more: string) {
  const folder = mkdtempSync(path.join(tmpdir(), "sluice-pgbouncer-"));
  const own = await freePort();
  const config = path.join(folder, "pgbouncer.ini");
  writeFileSync(path.join(folder, "users"), '"postgres" ""\n');
  writeFileSync(
    config,
    `[databases]\npostgres = host=127.0.0.1 port=${port}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = ${own}\nunix_socket_dir =\nauth_type = any\nauth_file = ${folder}/users\npool_mode = ${mode}\n${more}`.replace(
      "postgres = host=127.0.0.1",
      "postgres = user=postgres host=127.0.0.1",
    ),
  );
  chmodSync(folder, 0o755);
  const child = spawn("setpriv", ["--pdeathsig=KILL", "/usr/sbin/pgbouncer", config], {
    stdio: ["ignore", "ignore", "pipe"],
    ...serverUser(),
    cwd: "/",
  });
  const exited = once(child, "exit");
  let said = "";
  await new Promise<void>((resolve, reject) => {
    child.stderr.on("data", (text) => {
      said += text;
      if (said.includes("process up")) resolve();
    });
    exited.then(() => reject(new Error(said)), reject);
  });
  return {
    url: `postgres://postgres@127.0.0.1:${own}/postgres`,
    async stop() {
      child.kill("SIGKILL");
      await exited;
      rmSync(folder, { recursive: true });
    },
  };
}

describe("a database that takes no writes", () => {
  test("makes the agent not ready, and ready again when it takes them", async () => {
    // As a standby that the connections were failed over to: what was begun as writable is not any more.
    const own = await startDebianPostgres();
    const agent = await startAgent(own);
    try {
      const [{ name }] = (await agent.query<{ name: string }>("SELECT current_database() AS name")) as [
        { name: string },
      ];
      const ready = () => agent.get("/readyz").then(({ status, body }) => ({ status, body }));
      expect(await ready()).toEqual({ status: 200, body: { status: "ready" } });
      const standby = await toStandby(own);
      expect(await eventually(ready, ({ body }) => JSON.stringify(body).includes("read-only"))).toEqual({
        status: 503,
        body: { status: "not ready", detail: "the store is read-only: nothing can be written" },
      });
      expect((await agent.post("/v1/quality", { pipeline_name: "p", check_name: "c", score: 1 })).status).toBe(503);
      await eventually(
        () => agent.get("/metrics"),
        ({ text }) => /^sluice_store_up 0$/m.test(text),
      );
      expect(name).toMatch(/^agent_/);
      await standby.promote();
      await eventually(ready, ({ status }) => status === 200);
      await eventually(
        () => agent.get("/metrics"),
        ({ text }) => /^sluice_store_up 1$/m.test(text),
      );
      expect((await agent.post("/v1/quality", { pipeline_name: "p", check_name: "c", score: 1 })).status).toBe(200);
    } finally {
      await agent.stop();
      await own.dispose();
    }
  });
});

/** The same server, started as a standby that follows nobody. */
async function toStandby(own: Awaited<ReturnType<typeof startDebianPostgres>>) {
  await own.stop();
  writeFileSync(path.join(own.folder, "data", "standby.signal"), "");
  await own.start();
  return {
    async promote() {
      await plainSession(own.url, (client) => client.query("SELECT pg_promote()"));
    },
  };
}
