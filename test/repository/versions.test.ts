import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { lastReleasedDocument } from "../../scripts/openapi-diff/last-release.mjs";

const read = (file: string) => readFileSync(file, "utf8");
const json = (file: string) => JSON.parse(read(file));
const { version, scripts } = json("package.json") as { version: string; scripts: Record<string, string> };
const release = read("RELEASE.md");
const changelog = read("CHANGELOG.md");

describe("the version", () => {
  test("is one, in every place that has to be changed for a release", () => {
    const lock = json("package-lock.json");
    expect([lock.version, lock.packages[""].version, json("docs/openapi.json").info.version]).toEqual(
      Array(3).fill(version),
    );
    expect(read("python/src/sluice_client/version.py")).toBe(`VERSION = "${version}"\n`);
    for (const file of ["docs/clients/typescript.md", "examples/node-etl/README.md", "deploy/kubernetes/README.md"]) {
      const named = [...read(file).matchAll(/(?:sluice-client-|sluice:)(\d+\.\d+\.\d+)/g)].map(([, found]) => found);
      expect(new Set(named), file).toEqual(new Set([version]));
      expect(release, file).toContain(file);
    }
  });

  test("of the release that is compared with is not newer", () => {
    const released = json(lastReleasedDocument()).info.version as string;
    expect(released.localeCompare(version, "en", { numeric: true })).toBeLessThanOrEqual(0);
  });
});

describe("CHANGELOG.md", () => {
  const titles = [...changelog.matchAll(/^## (.+)$/gm)].map(([, title]) => title!);

  test("begins with what is unreleased, then has each version with its day, the newest first", () => {
    expect(titles[0]).toBe("Unreleased");
    const versions = titles.slice(1).map((title) => /^(\d+\.\d+\.\d+) - \d{4}-\d\d-\d\d$/.exec(title)?.[1]);
    expect(versions).not.toContain(undefined);
    expect(versions).toEqual([...versions].sort((a, b) => b!.localeCompare(a!, "en", { numeric: true })));
    expect(versions[0]).toBe(version);
  });

  test("has the parts of each version in one order, what breaks first", () => {
    const ORDER = ["Breaking", "Added", "Changed", "Fixed"];
    for (const section of changelog.split(/^## /m).slice(1)) {
      const parts = [...section.matchAll(/^### (.+)$/gm)].map(([, part]) => part!);
      expect(parts).toEqual(ORDER.filter((part) => parts.includes(part)));
    }
  });
});

test("the commands of RELEASE.md are there", () => {
  const named = [...release.matchAll(/npm run (?:-- )?([\w:-]+)/g)].map(([, name]) => name!);
  expect(named.length).toBeGreaterThan(4);
  expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
});
