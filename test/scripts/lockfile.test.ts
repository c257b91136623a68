import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { absentOptionals, completeLockfile } from "../../scripts/lib/lockfile.mjs";

test("package-lock.json holds every optional package it names, else npm ci refuses it", () => {
  const lock = JSON.parse(readFileSync("package-lock.json", "utf8"));
  expect(
    absentOptionals(lock).map(({ name }) => name),
    "run: node scripts/complete-lockfile.mjs",
  ).toEqual([]);
});

test("an absent platform package gets the entry that npm would have written", () => {
  const optionalDependencies = {
    "@x/tool-linux-x64-musl": "1.2.3",
    "@x/tool-linux-arm-gnueabihf": "1.2.3",
    "@x/tool-darwin-arm64": "1.2.3",
    "@x/tool-linux-x64": "1.2.3",
    "not-for-a-platform": "1.2.3",
  };
  const lock = {
    packages: {
      "": {},
      "node_modules/tool": { version: "1.2.3", dev: true, optionalDependencies },
      "node_modules/@x/tool-linux-x64": { version: "1.2.3", integrity: "sha512-x" },
    },
  };
  expect(completeLockfile(lock)).toHaveLength(3);
  const platform = { version: "1.2.3", dev: true, optional: true };
  expect(lock.packages).toEqual({
    "": {},
    "node_modules/tool": { version: "1.2.3", dev: true, optionalDependencies },
    "node_modules/@x/tool-darwin-arm64": { ...platform, os: ["darwin"], cpu: ["arm64"] },
    "node_modules/@x/tool-linux-arm-gnueabihf": { ...platform, os: ["linux"], cpu: ["arm"], libc: ["glibc"] },
    "node_modules/@x/tool-linux-x64": { version: "1.2.3", integrity: "sha512-x" },
    "node_modules/@x/tool-linux-x64-musl": { ...platform, os: ["linux"], cpu: ["x64"], libc: ["musl"] },
  });
});
