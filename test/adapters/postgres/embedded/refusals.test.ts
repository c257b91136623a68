import { mkdir, readdir, stat, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startEmbeddedPostgres } from "../../../../src/adapters/postgres/embedded/start-embedded-postgres.ts";
import { Workspace } from "../../../support/embedded-workspace.ts";

let workspace: Workspace;
beforeEach(async () => {
  workspace = await Workspace.create();
});
afterEach(async () => {
  expect(await workspace.leftOvers()).toEqual([]);
});

describe("refuses, and says why,", () => {
  it("a file in the place of the directory", async () => {
    const dataDir = workspace.path("file");
    await writeFile(dataDir, "");
    for (const place of [dataDir, path.join(dataDir, "below")]) {
      await expect(startEmbeddedPostgres({ dataDir: place })).rejects.toMatchObject({
        code: "data_dir_not_a_directory",
        message: expect.stringContaining(place),
      });
    }
  });

  it("a database of another major version", async () => {
    const dataDir = workspace.path("data");
    await mkdir(path.join(dataDir, "postgres"), { recursive: true });
    await writeFile(path.join(dataDir, "postgres", "PG_VERSION"), "15\n");
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toMatchObject({
      code: "data_dir_version_mismatch",
      message: expect.stringMatching(/PostgreSQL 15.*PostgreSQL 18/),
    });
  });

  it("something else in the place of the database", async () => {
    const dataDir = workspace.path("data");
    await mkdir(path.join(dataDir, "postgres", "photos"), { recursive: true });
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toMatchObject({ code: "data_dir_not_postgres" });
  });

  it("a lock that is a link to somewhere else", async () => {
    const dataDir = workspace.path("data");
    await mkdir(dataDir);
    await symlink(workspace.path("elsewhere"), path.join(dataDir, "lock"));
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow();
    await expect(stat(workspace.path("elsewhere"))).rejects.toThrow("ENOENT");
  });
});

it("gives up a step that takes too long, and starts the next time", async () => {
  const dataDir = workspace.path("data");
  await expect(startEmbeddedPostgres({ dataDir, startTimeoutMs: 20 })).rejects.toMatchObject({ code: "initdb_failed" });
  expect(await readdir(dataDir)).toEqual(["lock"]);
  const postgres = await startEmbeddedPostgres({ dataDir });
  await postgres.stop();
});
