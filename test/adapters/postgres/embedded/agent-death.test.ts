import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { identify } from "../../../../src/adapters/postgres/embedded/process-identity.ts";
import { startEmbeddedPostgres } from "../../../../src/adapters/postgres/embedded/start-embedded-postgres.ts";
import { processesUsing } from "../../../support/embedded-processes.ts";
import { type Agent, eventually, query, Workspace, watcherOf } from "../../../support/embedded-workspace.ts";

let workspace: Workspace;
let dataDir: string;
beforeEach(async () => {
  workspace = await Workspace.create();
  dataDir = workspace.path("data");
});
afterEach(async () => {
  expect(await workspace.leftOvers()).toEqual([]);
});

const writeRow = async (agent: Agent) => {
  await query(agent.said.connection!, "CREATE TABLE IF NOT EXISTS report (id int)");
  await query(agent.said.connection!, "INSERT INTO report VALUES (7)");
};

it("takes the server with it when the agent is killed, and the next start has the data", async () => {
  const agent = await workspace.startAgent(dataDir);
  await writeRow(agent);
  await agent.kill("SIGKILL");
  await eventually(() => processesUsing(dataDir).length === 0);
  await expect(readdir(agent.said.connection!.host)).rejects.toThrow("ENOENT");

  const next = await startEmbeddedPostgres({ dataDir });
  expect(await query(next.connection, "SELECT id FROM report")).toEqual([{ id: 7 }]);
  await next.stop();
});

it("starts again right after a kill, while the watcher is still stopping the old server", async () => {
  const agent = await workspace.startAgent(dataDir);
  await writeRow(agent);
  await agent.kill("SIGKILL");

  const next = await startEmbeddedPostgres({ dataDir });
  expect(await query(next.connection, "SELECT id FROM report")).toEqual([{ id: 7 }]);
  await next.stop();
});

it("takes over a server whose agent and watcher were both killed", async () => {
  const agent = await workspace.startAgent(dataDir);
  await writeRow(agent);
  process.kill(watcherOf(agent.pid, dataDir)!.pid, "SIGKILL");
  await agent.kill("SIGKILL");
  expect(processesUsing(dataDir).map(({ name }) => name)).toContain("postgres");

  const next = await startEmbeddedPostgres({ dataDir });
  expect(next.server_pid).not.toBe(agent.said.server_pid);
  expect(identify(agent.said.server_pid!)).toBeUndefined();
  expect(await query(next.connection, "SELECT id FROM report")).toEqual([{ id: 7 }]);
  await expect(readdir(agent.said.connection!.host)).rejects.toThrow("ENOENT");
  await next.stop();
});

it("waits for the last processes of a server that was killed together with its agent and watcher", async () => {
  const agent = await workspace.startAgent(dataDir);
  await writeRow(agent);
  process.kill(watcherOf(agent.pid, dataDir)!.pid, "SIGKILL");
  process.kill(agent.said.server_pid!, "SIGKILL");
  await agent.kill("SIGKILL");

  const next = await startEmbeddedPostgres({ dataDir });
  expect(await query(next.connection, "SELECT id FROM report")).toEqual([{ id: 7 }]);
  await next.stop();
});

it("replaces a watcher that was killed alone", async () => {
  const agent = await workspace.startAgent(dataDir);
  const first = watcherOf(agent.pid, dataDir)!;
  process.kill(first.pid, "SIGKILL");
  await eventually(() => (watcherOf(agent.pid, dataDir)?.pid ?? first.pid) !== first.pid);
  await agent.kill("SIGKILL");
  await eventually(() => processesUsing(dataDir).length === 0);
});

it("is not stopped by the signals of a terminal that reach the watcher", async () => {
  const agent = await workspace.startAgent(dataDir);
  const watcher = watcherOf(agent.pid, dataDir)!;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const) process.kill(watcher.pid, signal);
  await query(agent.said.connection!, "SELECT 1");
  expect(watcherOf(agent.pid, dataDir)).toEqual(watcher);
});

it("refuses a second agent on the same directory at once, and says who has it", async () => {
  const agent = await workspace.startAgent(dataDir, { owner: "http://127.0.0.1:9877" });
  const started = performance.now();
  await expect(startEmbeddedPostgres({ dataDir })).rejects.toMatchObject({
    code: "data_dir_in_use",
    message: `The data directory ${dataDir} is in use by the agent with process id ${agent.pid} (http://127.0.0.1:9877). Stop that agent, or give this one another directory with SLUICE_DATA_DIR.`,
  });
  expect(performance.now() - started).toBeLessThan(1_000);
  await query(agent.said.connection!, "SELECT 1");
});

it("lets one of two agents that start at the same time have the directory", async () => {
  const agents = await Promise.all([workspace.startAgent(dataDir), workspace.startAgent(dataDir)]);
  expect(agents.map(({ said }) => said.code).sort()).toEqual(["data_dir_in_use", undefined]);
});

it.each([
  ["the agent alone", false],
  ["the agent and its watcher", true],
])("starts with a fresh database after %s died in the middle of creating one", async (_who, killWatcher) => {
  const child = workspace.spawnAgent(dataDir);
  const draft = async () => (await readdir(dataDir).catch(() => [])).find((name) => name.startsWith("postgres.new-"));
  await eventually(async () => {
    const name = await draft();
    return name !== undefined && (await readdir(`${dataDir}/${name}`)).includes("PG_VERSION");
  });
  if (killWatcher) {
    process.kill(watcherOf(child.pid!, dataDir)!.pid, "SIGKILL");
  }
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;

  const next = await startEmbeddedPostgres({ dataDir });
  expect(await query(next.connection, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  expect((await readdir(dataDir)).sort()).toEqual(["agent.json", "lock", "postgres"]);
  await next.stop();
});
