import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { announcementsAfter, compareWithAnnouncements } from "../../scripts/openapi-diff/announced.mjs";
import { documentBreaks } from "../../scripts/openapi-diff/document-breaks.mjs";
import { lastReleasedDocument } from "../../scripts/openapi-diff/last-release.mjs";
import { testAgentOf, testServer } from "../support/agent.ts";

interface Operation {
  parameters?: { required?: boolean; schema: { default?: unknown } }[];
}

const agent = await testAgentOf(await testServer());
const served = (await agent.get("/openapi.json")).body as { info: { version: string }; paths: object };

test("docs/openapi.json is what the agent serves; `npx vitest run test/openapi -u` writes it", async () => {
  await expect(`${JSON.stringify(served, null, 1)}\n`).toMatchFileSnapshot("../../docs/openapi.json");
});

test("a parameter that has a default is not asked for", () => {
  const operations = Object.values(served.paths).flatMap((path) => Object.values(path as Record<string, Operation>));
  const parameters = operations.flatMap(({ parameters = [] }) => parameters);
  const withDefault = parameters.filter(({ schema }) => schema.default !== undefined);
  expect(withDefault.length).toBeGreaterThan(8);
  expect(withDefault.filter(({ required }) => required === true)).toEqual([]);
  // Those of the path always are.
  expect(parameters.filter(({ required }) => required === true).length).toBeGreaterThan(20);
});

test("nothing that the last release served is broken, but for what the changelog names under Breaking", () => {
  const released = JSON.parse(readFileSync(lastReleasedDocument(), "utf8")) as typeof served;
  expect(Object.keys(released.paths).length).toBeGreaterThan(40);
  const announcements = announcementsAfter(released.info.version, readFileSync("CHANGELOG.md", "utf8"));
  const { unannounced, unfounded } = compareWithAnnouncements(documentBreaks(released, served), announcements);
  expect(unannounced, "name these in code spans under ### Breaking in CHANGELOG.md, or take them back").toEqual([]);
  expect(unfounded, "these name no break: remove them from CHANGELOG.md").toEqual([]);
});
