import { existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { ensureInstalled, isInstalled, npmCommand } from "../../scripts/lib/install.mjs";
import { temporaryClone, write } from "./temporary-clone.ts";

/** An installer that counts its runs, and the lines it was announced with. */
function stand() {
  const lines: string[] = [];
  const said = (line: string) => lines.push(line);
  let runs = 0;
  const install = async (root: string) => {
    runs++;
    mkdirSync(path.join(root, "node_modules"), { recursive: true });
    await sleep(20);
  };
  return { lines, options: { say: said, install }, runs: () => runs };
}

test("a bare clone is installed once, and the second start costs nothing", async () => {
  const root = temporaryClone({ "package-lock.json": "{}" });
  const { lines, options, runs } = stand();
  expect(isInstalled(root)).toBe(false);
  await ensureInstalled(root, options);
  await ensureInstalled(root, options);
  expect(isInstalled(root)).toBe(true);
  expect(runs()).toBe(1);
  expect(lines).toEqual(["installing dependencies (first start only) …"]);
});

test("another lockfile is installed anew, a touched one is not", async () => {
  const root = temporaryClone({ "package-lock.json": "{}" });
  const { lines, options, runs } = stand();
  await ensureInstalled(root, options);
  write(root, "package-lock.json", "{}");
  await ensureInstalled(root, options);
  expect(runs()).toBe(1);
  write(root, "package-lock.json", '{"packages": {}}');
  await ensureInstalled(root, options);
  expect(runs()).toBe(2);
  expect(lines.at(-1)).toBe("installing dependencies (package-lock.json has changed) …");
});

test("node_modules that nobody here installed is not trusted, nor is one that was deleted", async () => {
  const root = temporaryClone({ "package-lock.json": "{}", "node_modules/left/over.js": "" });
  const { options, runs } = stand();
  await ensureInstalled(root, options);
  rmSync(path.join(root, "node_modules"), { recursive: true });
  await ensureInstalled(root, options);
  expect(runs()).toBe(2);
});

test("node_modules that is a link belongs to another clone and is left as it is", async () => {
  const owner = temporaryClone({ "node_modules/kept.js": "" });
  const root = temporaryClone({ "package-lock.json": "{}" });
  symlinkSync(path.join(owner, "node_modules"), path.join(root, "node_modules"));
  const { lines, options, runs } = stand();
  await ensureInstalled(root, options);
  expect(runs()).toBe(0);
  expect(lines).toEqual(["node_modules is a link to another clone's: left as it is"]);
});

test("a failed installation leaves no stamp and no lock", async () => {
  const root = temporaryClone({ "package-lock.json": "{}" });
  const { options, runs } = stand();
  const install = () => Promise.reject(new Error("no network"));
  await expect(ensureInstalled(root, { ...options, install })).rejects.toThrow("no network");
  expect(isInstalled(root)).toBe(false);
  await ensureInstalled(root, options);
  expect(runs()).toBe(1);
});

test("two starts at once install once", async () => {
  const root = temporaryClone({ "package-lock.json": "{}" });
  const { lines, options, runs } = stand();
  await Promise.all([ensureInstalled(root, options), ensureInstalled(root, options)]);
  expect(runs()).toBe(1);
  expect(lines).toContain("waiting for another start of this clone to install the dependencies …");
});

test("the lock of a process that is gone stops nobody", async () => {
  // Above the greatest process id that Linux gives out.
  const root = temporaryClone({ "package-lock.json": "{}", ".cache/install.lock": String(2 ** 22 + 1) });
  const { options, runs } = stand();
  await ensureInstalled(root, options);
  expect(runs()).toBe(1);
  expect(existsSync(path.join(root, ".cache/install.lock"))).toBe(false);
});

test("the npm that runs the script installs too; under another package manager npm is looked up", () => {
  expect(npmCommand({ npm_execpath: "/opt/npm/bin/npm-cli.js" })).toEqual([
    process.execPath,
    "/opt/npm/bin/npm-cli.js",
  ]);
  expect(npmCommand({ npm_execpath: "/opt/yarn/bin/yarn.js" })).toEqual(["npm"]);
  expect(npmCommand({})).toEqual(["npm"]);
});
