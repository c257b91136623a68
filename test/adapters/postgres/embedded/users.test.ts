import { execFileSync } from "node:child_process";
import { chmod, lstat, mkdir, readdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { identify } from "../../../../src/adapters/postgres/embedded/process-identity.ts";
import { startEmbeddedPostgres } from "../../../../src/adapters/postgres/embedded/start-embedded-postgres.ts";
import { countRows, EXERCISED_ROWS, exercise } from "../../../support/embedded-exercise.ts";
import { isRoot, ordinaryUser, query, Workspace, watcherOf } from "../../../support/embedded-workspace.ts";

const COPIES = "/var/lib/sluice";

let workspace: Workspace;
beforeEach(async () => {
  workspace = await Workspace.create();
});
afterEach(async () => {
  expect(await workspace.leftOvers()).toEqual([]);
});

describe.runIf(isRoot)("as root", () => {
  it("runs a checkout and a data directory that no other user can reach", async () => {
    const copiesWereThere = await stat(COPIES).then(
      () => true,
      () => false,
    );
    const hidden = workspace.path("root-only");
    await mkdir(hidden, { mode: 0o700 });
    const installation = path.join(hidden, "checkout");
    await workspace.install(installation, "copy");
    const dataDir = path.join(installation, "sluice-data");
    try {
      const first = await workspace.startAgent(dataDir, { installation });
      expect(first.said.message).toBeUndefined();
      await exercise(first.said.connection!);
      await first.kill("SIGKILL");

      const second = await workspace.startAgent(dataDir, { installation });
      expect(await countRows(second.said.connection!)).toBe(EXERCISED_ROWS);
      expect((await stat(path.join(dataDir, "postgres"))).uid).not.toBe(0);
      for (const copy of await readdir(COPIES)) {
        const { uid, mode } = await lstat(path.join(COPIES, copy));
        expect([uid, mode & 0o022]).toEqual([0, 0]);
      }
      await second.kill("SIGTERM");
    } finally {
      if (!copiesWereThere) await rm(COPIES, { recursive: true, force: true });
    }
  });

  it("takes over a server left behind in a directory that no other user can reach", async () => {
    const hidden = workspace.path("root-only");
    await mkdir(hidden, { mode: 0o700 });
    const agent = await workspace.startAgent(hidden);
    process.kill(watcherOf(agent.pid, hidden)!.pid, "SIGKILL");
    await agent.kill("SIGKILL");
    const next = await startEmbeddedPostgres({ dataDir: hidden });
    expect(identify(agent.said.server_pid!)).toBeUndefined();
    await query(next.connection, "SELECT 1");
    await next.stop();
  });

  it("takes over a server left behind even where root may not look into other users' processes", async () => {
    const dataDir = workspace.path("data");
    const agent = await workspace.startAgent(dataDir);
    process.kill(watcherOf(agent.pid, dataDir)!.pid, "SIGKILL");
    await agent.kill("SIGKILL");
    const script = `exec setpriv --bounding-set=-sys_ptrace --inh-caps=-sys_ptrace "$0" "$@"`;
    const args = [process.execPath, path.join(workspace.installation, "agent.mjs"), dataDir];
    const child = workspace.spawnProgram("/bin/sh", ["-c", script, ...args]);
    const next = await workspace.listen(child);
    expect(identify(agent.said.server_pid!)).toBeUndefined();
    await query(next.said.connection!, "SELECT 1");
  });

  it("goes on as the owner of a database that an ordinary user has made, who can have it back", async () => {
    const user = ordinaryUser();
    const dataDir = await workspace.directoryOwnedBy("data", user.uid, user.gid);
    const made = await workspace.startAgent(dataDir, user);
    await made.kill("SIGTERM");
    const asRoot = await workspace.startAgent(dataDir);
    await query(asRoot.said.connection!, "CREATE TABLE report (id int)");
    await asRoot.kill("SIGTERM");
    const again = await workspace.startAgent(dataDir, user);
    expect(await query(again.said.connection!, "SELECT id FROM report")).toEqual([]);
  });

  it("gives a database that was restored by root to the server's user", async () => {
    const dataDir = workspace.path("data");
    await (await startEmbeddedPostgres({ dataDir })).stop();
    execFileSync("chown", ["-R", "0:0", path.join(dataDir, "postgres")]);
    await chmod(path.join(dataDir, "postgres"), 0o755);
    const postgres = await startEmbeddedPostgres({ dataDir });
    await query(postgres.connection, "SELECT 1");
    await postgres.stop();
  });

  it("says that the disk is full", async () => {
    const dataDir = workspace.path("small");
    await mkdir(dataDir);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=72m,mode=755", "tmpfs", dataDir]);
    try {
      await (await startEmbeddedPostgres({ dataDir })).stop();
      execFileSync("sh", ["-c", 'cat /dev/zero > "$0/fill" 2>/dev/null || true', dataDir]);
      await expect(startEmbeddedPostgres({ dataDir })).rejects.toMatchObject({ code: "data_dir_full" });
      execFileSync("sh", ["-c", 'rm -rf "$0"/postgres; cat /dev/zero > "$0/fill" 2>/dev/null || true', dataDir]);
      await expect(startEmbeddedPostgres({ dataDir })).rejects.toMatchObject({ code: "data_dir_full" });
    } finally {
      execFileSync("umount", [dataDir]);
    }
  });
});

describe("as an ordinary user", () => {
  it("starts, dies with the agent, and starts again", async () => {
    const user = ordinaryUser();
    const dataDir = await workspace.directoryOwnedBy("home", user.uid, user.gid);
    const first = await workspace.startAgent(dataDir, user);
    await exercise(first.said.connection!);
    await first.kill("SIGKILL");
    const second = await workspace.startAgent(dataDir, user);
    expect(await countRows(second.said.connection!)).toBe(EXERCISED_ROWS);
    expect((await stat(path.join(dataDir, "postgres"))).uid).toBe(user.uid);
  });

  it("says that a directory cannot be written", async () => {
    const user = ordinaryUser();
    const dataDir = await workspace.directoryOwnedBy("read-only", user.uid, user.gid);
    await chmod(dataDir, 0o555);
    const agent = await workspace.startAgent(dataDir, user);
    expect(agent.said).toMatchObject({ code: "data_dir_not_writable", message: expect.stringContaining(dataDir) });
  });

  it.runIf(isRoot)("says that a database belongs to somebody else", async () => {
    const dataDir = workspace.path("data");
    await (await startEmbeddedPostgres({ dataDir })).stop();
    execFileSync("chown", ["4242", dataDir, path.join(dataDir, "lock")]);
    const agent = await workspace.startAgent(dataDir, { uid: 4242, gid: 4242 });
    expect(agent.said).toMatchObject({ code: "data_dir_not_owned" });
  });

  it.runIf(isRoot)("says that a user id without a name cannot create a database", async () => {
    const dataDir = await workspace.directoryOwnedBy("home", 4242, 4242);
    const agent = await workspace.startAgent(dataDir, { uid: 4242, gid: 4242 });
    expect(agent.said).toMatchObject({ code: "server_user_unknown" });
  });
});
