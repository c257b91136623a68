import pg from "pg";
import { afterAll, expect, test, vi } from "vitest";
import { freePort } from "../../../../scripts/lib/free-port.mjs";
import { createClient, createPool } from "../../../../src/adapters/postgres/connection/pool.ts";
import { severalServers } from "../../../../src/adapters/postgres/connection/servers.ts";
import { serverUrls } from "../../../../src/domain/words/urls/server-urls.ts";
import { startPostgresPair } from "../../../support/debian-postgres/pair.ts";

const pair = await startPostgresPair();
afterAll(() => pair.dispose());
const [first, second] = pair.ports;
const naming = (...ports: number[]) =>
  `postgresql://postgres@${ports.map((port) => `127.0.0.1:${port}`).join(",")}/postgres?target_session_attrs=read-write`;
const session = { statementTimeout: 20_000, name: "test" };
const PORT = "SELECT inet_server_port() AS port";

async function portOf(client: pg.Client): Promise<unknown> {
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query(PORT)).rows[0].port;
  } finally {
    await client.end();
  }
}

test.each([
  ["postgres://a/db", ["postgres://a/db"]],
  ["postgres://a:1,b:2/db?x=1,2", ["postgres://a:1/db?x=1,2", "postgres://b:2/db?x=1,2"]],
  ["postgresql://u:p%40,w@a,[::1]:5/db", ["postgresql://u:p%40,w@a/db", "postgresql://u:p%40,w@[::1]:5/db"]],
])("%s names these servers", (url, urls) => {
  expect(serverUrls(url)).toEqual(urls);
});

test("a standby and a server that is away are passed over, and what was found is known to all", async () => {
  const servers = severalServers(naming(await freePort(), second, first))!;
  const connect = () => portOf(createClient({ connection: servers, ...session }));
  await expect(connect()).rejects.toThrow(/ECONNREFUSED/);
  await expect(connect()).rejects.toThrow("a standby");
  expect(await connect()).toBe(first);
  expect(await connect()).toBe(first);
});

test("a server counts as useless once, however many connections it fails at a time", async () => {
  const servers = severalServers(naming(second, first, await freePort()))!;
  const connect = () => portOf(createClient({ connection: servers, ...session }));
  const failed = await Promise.allSettled([connect(), connect(), connect()]);
  expect(failed.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
  expect(await connect()).toBe(first);
});

test("options of a URL of several servers go to whichever is asked", async () => {
  const url = `${naming(second, first)}&options=${encodeURIComponent("-c work_mem=5MB")}`;
  const servers = severalServers(url)!;
  const ask = async () => {
    const client = createClient({ connection: servers, ...session });
    client.on("error", () => {});
    await client.connect();
    const { rows } = await client.query(
      "SELECT current_setting('work_mem') AS mem, current_setting('TimeZone') AS zone",
    );
    await client.end();
    return rows;
  };
  await expect(ask()).rejects.toThrow("a standby");
  expect(await ask()).toEqual([{ mem: "5MB", zone: "UTC" }]);
});

test("a pool follows a failover, and no acknowledged commit is lost in it", async () => {
  const pool = createPool({ connection: naming(first, second), size: 3, ...session });
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  try {
    await pool.query("CREATE TABLE kept (n int)");
    const kept: number[] = [];
    let writing = true;
    const writer = (async () => {
      for (let n = 0; writing; n++) {
        await pool.query("INSERT INTO kept VALUES ($1)", [n]).then(
          () => kept.push(n),
          () => {},
        );
      }
    })();
    await vi.waitUntil(() => kept.length > 20, { timeout: 60_000 });
    await pair.failOver();
    const before = kept.length;
    await vi.waitUntil(() => kept.length > before + 20, { timeout: 60_000 });
    writing = false;
    await writer;
    expect((await pool.query(PORT)).rows).toEqual([{ port: second }]);
    const { rows } = await pool.query<{ n: number }>("SELECT n FROM kept");
    const stored = new Set(rows.map(({ n }) => n));
    expect(kept.filter((n) => !stored.has(n))).toEqual([]);
  } finally {
    await pool.end();
  }
  // And back: the lost one follows the new one, and takes its place in turn.
  await pair.rejoin();
  await pair.failOver();
  const client = new pg.Client(pair.url);
  await client.connect();
  expect((await client.query(PORT)).rows).toEqual([{ port: first }]);
  await client.end();
});
