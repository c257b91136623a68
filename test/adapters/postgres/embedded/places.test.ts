import { mkdir, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { startEmbeddedPostgres } from "../../../../src/adapters/postgres/embedded/start-embedded-postgres.ts";
import { countRows, EXERCISED_ROWS, exercise } from "../../../support/embedded-exercise.ts";
import { isRoot, query, Workspace } from "../../../support/embedded-workspace.ts";

let workspace: Workspace;
beforeEach(async () => {
  workspace = await Workspace.create();
});
afterEach(async () => {
  expect(await workspace.leftOvers()).toEqual([]);
});

it.each([
  ["spaces, quotes and letters of all kinds", ['it\'s a "data" dir $HOME `x` \\ ünïcødé 数据 %s']],
  ["a line break", ["two\nlines"]],
  ["more than two hundred characters", Array(5).fill("d".repeat(100))],
  ["more than a thousand characters", Array(11).fill("d".repeat(100))],
])("works in a directory whose path holds %s", async (_what, names: string[]) => {
  const dataDir = workspace.path(...names);
  const agent = await workspace.startAgent(dataDir);
  await exercise(agent.said.connection!);
  await agent.kill("SIGTERM");
  const next = await startEmbeddedPostgres({ dataDir });
  expect(await countRows(next.connection)).toBe(EXERCISED_ROWS);
  await next.stop();
});

it("works when TMPDIR is too long for a socket", async () => {
  const long = workspace.path("t".repeat(120));
  await mkdir(long);
  const agent = await workspace.startAgent(workspace.path("data"), { env: { TMPDIR: long } });
  expect(agent.said.connection?.host).toMatch(/^\/tmp\//);
  await query(agent.said.connection!, "SELECT 1");
});

it("neither stops for, nor stops, a stranger who is named in a stale postmaster.pid and stands in the directory", async () => {
  const dataDir = workspace.path("data");
  await (await startEmbeddedPostgres({ dataDir })).stop();
  const cluster = path.join(dataDir, "postgres");
  const { uid, gid } = await stat(cluster);
  const standThere = ["-c", 'cd "$0" && exec sleep 60', cluster];
  const stranger = workspace.spawnProgram("/bin/sh", standThere, isRoot ? { uid, gid } : {});
  await writeFile(path.join(cluster, "postmaster.pid"), `${stranger.pid}\n${cluster}\n1\n5432\n/tmp\n\n 1 1\nready\n`);
  const postgres = await startEmbeddedPostgres({ dataDir });
  await query(postgres.connection, "SELECT 1");
  expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
  await postgres.stop();
});
