import { stat } from "node:fs/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { startEmbeddedPostgres } from "../../../../src/adapters/postgres/embedded/start-embedded-postgres.ts";
import { eventually, query, Workspace } from "../../../support/embedded-workspace.ts";

let workspace: Workspace;
beforeEach(async () => {
  workspace = await Workspace.create();
});
afterEach(async () => {
  expect(await workspace.leftOvers()).toEqual([]);
});

it("makes a database on the first start, and finds its data on the second", async () => {
  const dataDir = workspace.path("not", "there", "yet");
  const first = await startEmbeddedPostgres({ dataDir });
  await query(first.connection, "CREATE TABLE report (id int)");
  await query(first.connection, "INSERT INTO report VALUES (7)");
  await first.stop();

  const second = await startEmbeddedPostgres({ dataDir });
  expect(await query(second.connection, "SELECT id FROM report")).toEqual([{ id: 7 }]);
  await second.stop();
});

it("listens on a socket in a private directory only, and writes through to the disk", async () => {
  const postgres = await startEmbeddedPostgres({ dataDir: workspace.path("data") });
  const settings = await query(
    postgres.connection,
    `SELECT current_setting('listen_addresses') AS tcp, current_setting('fsync') AS fsync,
            current_setting('synchronous_commit') AS commit, current_setting('data_checksums') AS checksums,
            current_setting('TimeZone') AS zone, current_setting('server_encoding') AS encoding,
            current_setting('autovacuum') AS autovacuum, current_database() AS database, current_user AS "user"`,
  );
  expect(settings).toEqual([
    {
      tcp: "",
      fsync: "on",
      commit: "on",
      checksums: "on",
      zone: "UTC",
      encoding: "UTF8",
      autovacuum: "on",
      database: "sluice",
      user: "sluice",
    },
  ]);
  const { host, port } = postgres.connection;
  const directory = await stat(host);
  expect(directory.mode & 0o777).toBe(0o700);
  expect(directory.uid).toBe((await stat(workspace.path("data", "postgres"))).uid);
  expect(Buffer.byteLength(`${host}/.s.PGSQL.${port}`)).toBeLessThan(104);
  await postgres.stop();
  await expect(stat(host)).rejects.toThrow("ENOENT");
});

it("can be stopped twice, and stops under open connections", async () => {
  const postgres = await startEmbeddedPostgres({ dataDir: workspace.path("data") });
  const pending = query(postgres.connection, "SELECT pg_sleep(60)").catch((error: Error) => error);
  const sleepers = "SELECT 1 FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)' AND state = 'active'";
  await eventually(async () => (await query(postgres.connection, sleepers)).length === 1);
  await Promise.all([postgres.stop(), postgres.stop()]);
  await postgres.stop();
  expect(postgres.server_pid).toBeUndefined();
  expect(await pending).toMatchObject({ code: "57P01" });
});

it("logs the failed statements, and a crash, without what a report held", async () => {
  const lines: string[] = [];
  const keep = (fields: object, message: string) => lines.push(JSON.stringify(fields) + message);
  const ready: number[] = [];
  const postgres = await startEmbeddedPostgres(
    { dataDir: workspace.path("data"), onServerReady: (pid) => ready.push(pid) },
    { info: keep, warn: keep, error: keep },
  );
  const fails = (sql: string) => expect(query(postgres.connection, sql)).rejects.toThrow();
  await query(postgres.connection, "CREATE TABLE report (id text PRIMARY KEY)");
  await query(postgres.connection, "INSERT INTO report VALUES ('secret-value')");
  await fails("INSERT INTO report VALUES ('secret-value')");
  await fails("SELECT 'secret-value'::int");
  await fails("SELECT E'line\\nsecret-value'::int");
  process.kill(postgres.server_pid!, "SIGKILL");
  await eventually(() => ready.length === 1);
  await postgres.stop();

  const logged = lines.join("\n");
  for (const expected of ["23505", "22P02", "died, starting it again"]) expect(logged).toContain(expected);
  expect(logged).not.toContain("secret-value");
});
