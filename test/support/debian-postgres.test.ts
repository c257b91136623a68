import { existsSync } from "node:fs";
import { Client } from "pg";
import { afterEach, expect, test } from "vitest";
import { type DebianPostgres, type DebianPostgresOptions, startDebianPostgres } from "./debian-postgres.ts";

const started: DebianPostgres[] = [];

afterEach(async () => {
  for (const server of started.splice(0)) {
    await server.dispose();
    expect(existsSync(server.folder)).toBe(false);
  }
});

async function start(options?: DebianPostgresOptions): Promise<DebianPostgres> {
  const server = await startDebianPostgres(options);
  started.push(server);
  return server;
}

async function query(url: string, sql: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  try {
    return Object.values((await client.query(sql)).rows[0] ?? {})[0];
  } finally {
    await client.end();
  }
}

test("two servers live side by side, on sockets, with the durability they ship with", async () => {
  const [one, other] = await Promise.all([start(), start()]);
  await query(one.url, "create table only_here (x int)");
  expect(await query(one.url, "select to_regclass('only_here')::text")).toBe("only_here");
  expect(await query(other.url, "select to_regclass('only_here')::text")).toBe(null);
  expect(await query(one.url, "show fsync")).toBe("on");
  expect(await query(one.url, "show synchronous_commit")).toBe("on");
  expect(Number(await query(one.url, "show server_version_num"))).toBeGreaterThanOrEqual(150_000);
});

test("a committed row survives a hard kill under an open session, on the same address", async () => {
  const server = await start({ tcp: true });
  await query(server.url, "create table kept as select 7 as x");
  const open = new Client({ connectionString: server.url });
  open.on("error", () => {});
  await open.connect();
  await server.kill9();
  expect(server.running).toBe(false);
  await expect(query(server.url, "select 1")).rejects.toThrow();
  await server.start();
  expect(await query(server.url, "select x from kept")).toBe(7);
  await server.stop();
  await server.start();
  expect(await query(server.url, "select x from kept")).toBe(7);
});

test("settings reach the server", async () => {
  const server = await start({ settings: { max_connections: 17 } });
  expect(await query(server.url, "show max_connections")).toBe("17");
});

test("a wrong setting fails with what the server said", async () => {
  await expect(start({ settings: { no_such_setting: 1 } })).rejects.toThrow(/no_such_setting/);
});
