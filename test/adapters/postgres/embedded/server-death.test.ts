import { rm, stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { ServerExit } from "../../../../src/adapters/postgres/embedded/server/server-process.ts";
import { startEmbeddedPostgres } from "../../../../src/adapters/postgres/embedded/start-embedded-postgres.ts";
import { processesUsing } from "../../../support/embedded-processes.ts";
import { eventually, query, Workspace } from "../../../support/embedded-workspace.ts";

let workspace: Workspace;
beforeEach(async () => {
  workspace = await Workspace.create();
});
afterEach(async () => {
  expect(await workspace.leftOvers()).toEqual([]);
});

it("comes back under the same connection when the server is killed", async () => {
  const exits: ServerExit[] = [];
  const ready: number[] = [];
  const postgres = await startEmbeddedPostgres({
    dataDir: workspace.path("data"),
    onServerExit: (exit) => exits.push(exit),
    onServerReady: (pid) => ready.push(pid),
  });
  const pool = new pg.Pool(postgres.connection);
  pool.on("error", () => undefined);
  await pool.query("CREATE TABLE report (id int)");
  await pool.query("INSERT INTO report VALUES (7)");

  const killed = postgres.server_pid!;
  process.kill(killed, "SIGKILL");
  await eventually(() => ready.length === 1);

  expect(exits).toMatchObject([{ pid: killed, signal: "SIGKILL" }]);
  expect(postgres.server_pid).toBe(ready[0]);
  expect((await pool.query("SELECT id FROM report")).rows).toEqual([{ id: 7 }]);
  await pool.end();
  await postgres.stop();
});

it("comes back each time, more slowly, while the server keeps dying", async () => {
  const ready: number[] = [];
  const postgres = await startEmbeddedPostgres({
    dataDir: workspace.path("data"),
    onServerReady: () => ready.push(performance.now()),
  });
  for (const times of [1, 2, 3]) {
    process.kill(postgres.server_pid!, "SIGKILL");
    await eventually(() => ready.length === times);
  }
  expect(ready[2]! - ready[1]!).toBeGreaterThan(200);
  await postgres.stop();
});

it("survives the kill of one of the server's own processes", async () => {
  const postgres = await startEmbeddedPostgres({ dataDir: workspace.path("data") });
  const before = postgres.server_pid;
  await query(postgres.connection, "CREATE TABLE report (id int)");
  const [row] = await query(
    postgres.connection,
    "SELECT pid FROM pg_stat_activity WHERE backend_type = 'background writer'",
  );
  process.kill(Number(row!.pid), "SIGKILL");
  await eventually(() =>
    query(postgres.connection, "SELECT id FROM report").then(
      (rows) => rows.length === 0,
      () => false,
    ),
  );
  expect(postgres.server_pid).toBe(before);
  await postgres.stop();
});

it.each([0, 5, 20, 60, 150])("can be stopped %d ms after the server was killed", async (delay) => {
  const postgres = await startEmbeddedPostgres({ dataDir: workspace.path("data") });
  process.kill(postgres.server_pid!, "SIGKILL");
  await sleep(delay);
  await postgres.stop();
  expect(processesUsing(workspace.root)).toEqual([]);
});

it("comes back when a cleaner removes the directory of its socket", async () => {
  const ready: number[] = [];
  const postgres = await startEmbeddedPostgres({
    dataDir: workspace.path("data"),
    onServerReady: (pid) => ready.push(pid),
  });
  const { host } = postgres.connection;
  await query(postgres.connection, "CREATE TABLE report AS SELECT 7 AS id");
  await rm(host, { recursive: true });
  await expect(query(postgres.connection, "SELECT 1")).rejects.toMatchObject({ code: "ENOENT" });
  await eventually(() => ready.length === 1);
  expect(await query(postgres.connection, "SELECT id FROM report")).toEqual([{ id: 7 }]);
  expect((await stat(host)).mode & 0o777).toBe(0o700);
  await postgres.stop();
});
