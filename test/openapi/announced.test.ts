import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { announcementsAfter, compareWithAnnouncements } from "../../scripts/openapi-diff/announced.mjs";

const CHANGELOG = `# Changelog

## Unreleased

### Breaking

- Names have one spelling: \`*run_id pattern\`. \`redis_url\` is refused; see \`GET /v1/config\`.

### Changed

- Not said where it has to be: \`GET /v1/runs removed\`.

## 0.10.0 - 2026-12-24

### Breaking

- Empty lists are refused: \`POST /v1/quality request checks minItems\`.

## 0.2.0 - 2026-12-01

### Breaking

- \`GET /v1/old removed\`
`;

test("breaks are announced in the Breaking part of each version after the one that is compared with", () => {
  expect(announcementsAfter("0.2.0", CHANGELOG)).toEqual([
    "*run_id pattern",
    "POST /v1/quality request checks minItems",
  ]);
  expect(announcementsAfter("0.10.0", CHANGELOG)).toEqual(["*run_id pattern"]);
  expect(announcementsAfter("0.1.0", CHANGELOG)).toContain("GET /v1/old removed");
});

test("an announcement names the whole break, `*` any text but for the change", () => {
  const breaks = [
    "POST /v1/runs request run_id pattern",
    "POST /v1/reports request [].run_id pattern",
    "POST /v1/runs request run_id type",
    "GET /v1/runs 200 items[].status removed",
  ];
  const named = compareWithAnnouncements(breaks, ["*run_id pattern", "GET /v1/runs 200 items removed"]);
  expect(named.unannounced).toEqual(["POST /v1/runs request run_id type", "GET /v1/runs 200 items[].status removed"]);
  expect(named.unfounded).toEqual(["GET /v1/runs 200 items removed"]);
  const vague = "## Unreleased\n\n### Breaking\n\n- `*`, `* *`, `POST /v1/runs`, `POST /v1/runs request *`\n";
  expect(announcementsAfter("0.1.0", vague)).toEqual([]);
});

test("`npm run openapi:diff` lists the breaks, and ends with 1 where one is not announced", () => {
  const folder = mkdtempSync(join(tmpdir(), "sluice-openapi-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = (name: string, paths: object) => {
    writeFileSync(join(folder, name), JSON.stringify({ openapi: "3.1.0", info: { version: "99.0.0" }, paths }));
    return join(folder, name);
  };
  const answer = { responses: { 200: {} } };
  const [both, one] = [
    file("both", { "/a": { get: answer }, "/b": { get: answer } }),
    file("one", { "/a": { get: answer } }),
  ];
  const diff = (...files: string[]) =>
    spawnSync(process.execPath, ["scripts/openapi-diff.mjs", ...files], { encoding: "utf8" });
  expect(diff(both, one)).toMatchObject({
    status: 1,
    stdout: "not in CHANGELOG.md: GET /b removed\n1 breaking changes, 1 of them not in CHANGELOG.md\n",
  });
  expect(diff(one, both)).toMatchObject({ status: 0, stdout: "0 breaking changes, 0 of them not in CHANGELOG.md\n" });
  // The last release and docs/openapi.json.
  expect(execFileSync(process.execPath, ["scripts/openapi-diff.mjs"], { encoding: "utf8" })).toContain(
    " 0 of them not ",
  );
});
