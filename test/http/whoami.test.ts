import { expect, test } from "vitest";
import { apiKey, bearer, testAgentOf, testServer } from "../support/agent.ts";
import { expectProblem } from "./problems.ts";

const server = await testServer();
const limited = apiKey("limited", ["report", "operate"], ["orders*"]);
const admin = apiKey("boss", ["admin"]);
const guarded = await testAgentOf(server, { keys: [limited.entry, admin.entry] });
const open = await testAgentOf(server);

test("a key is told its name, its roles and its pipelines", async () => {
  const { status, body } = await guarded.get("/v1/whoami", bearer(limited.key));
  expect([status, body]).toEqual([200, { name: "limited", roles: ["report", "operate"], pipelines: ["orders*"] }]);
  expect((await guarded.get("/v1/whoami", bearer(admin.key))).body).toEqual({
    name: "boss",
    roles: ["admin"],
    pipelines: null,
  });
});

test("without a key nobody is told anything", async () => {
  expectProblem(
    await guarded.get("/v1/whoami"),
    "unauthorized",
    "Authorization: missing; send the header 'Authorization: Bearer <API key>'",
  );
});

test("where no key is configured there is no name, and every role", async () => {
  expect((await open.get("/v1/whoami")).body).toEqual({
    name: null,
    roles: ["report", "read", "reference", "operate", "alertmanager", "admin"],
    pipelines: null,
  });
});
