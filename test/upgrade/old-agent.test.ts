import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { newDatabase, testServer } from "../support/agent.ts";
import { oldRelease } from "../support/old-release.ts";

const server = await testServer();
const release = oldRelease("0.1");
const old = await release.start(await newDatabase(server));
afterAll(() => old.stop());

/** What clients have to reckon with: fields of a later contract are refused by an agent that does not know them. */
describe("an agent of 0.1", () => {
  test("refuses a field that it does not know, and names it", async () => {
    const answer = await fetch(`${old.url}/v1/records`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ pipeline_name: "p", stage: "load", count: 1, try: 2 }),
    });
    expect(answer.status).toBe(422);
    expect(answer.headers.get("sluice-contract")).toBeNull();
    expect(await answer.json()).toMatchObject({ code: "invalid_report", errors: [{ path: "try" }] });
  });

  test("serves the OpenAPI document that was kept of it", async () => {
    const kept = JSON.parse(readFileSync(join(release.folder, "openapi.json"), "utf8"));
    expect(await fetch(`${old.url}/openapi.json`).then((answer) => answer.json())).toEqual(kept);
  });
});
