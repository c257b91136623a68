import { describe, expect, test } from "vitest";
import { apiKey, bearer, testAgentOf, testServer } from "../../support/agent.ts";
import { expectProblem } from "../problems.ts";

const server = await testServer();
const agent = await testAgentOf(server, { yaml: "notices: {public_url: https://sluice.example.com/}\n" });
const GOOD = { pipeline_name: "orders", check_name: "null_rate", score: 1 };
const own = () => `127.0.0.1:${agent.port}`;

describe("a request that a browser sent for a page of another site", () => {
  const REFUSED: [string, Record<string, string>][] = [
    ["cross-site", { "sec-fetch-site": "cross-site" }],
    ["same-site: another port of this host is another page", { "sec-fetch-site": "same-site" }],
    ["a word that is not known yet", { "sec-fetch-site": "same-planet" }],
    ["an old browser's", { origin: "https://evil.example" }],
    ["of a sandbox or a file", { origin: "null" }],
    ["of this host on another port", { origin: "http://127.0.0.1:1" }],
    ["that claims to come from nowhere, and names an origin", { "sec-fetch-site": "none", origin: "http://a.example" }],
    ["whose proxy nobody named", { origin: "http://inside.example", "x-forwarded-host": "inside.example" }],
  ];

  test.each(REFUSED)("changes nothing: %s", async (_what, headers) => {
    const paths: [string, string][] = [
      ["POST", "/v1/quality"],
      ["POST", "/v1/references/orders/amount/promote"],
      ["PUT", "/v1/references/orders/amount"],
      ["DELETE", "/v1/pipelines/orders"],
      ["OPTIONS", "/v1/quality"],
      ["POST", "/healthz"],
      ["POST", "/nowhere"],
    ];
    for (const [method, path] of paths) {
      const json = { "content-type": "application/json", ...headers };
      expectProblem(
        await agent.send({ method, path, headers: json, body: JSON.stringify(GOOD) }),
        "cross_site_request",
        /^(Sec-Fetch-Site|Origin): .* given; pages of other sites may not change anything here/,
      );
      expectProblem(await agent.send({ method, path, headers }), "cross_site_request", /given/);
    }
    expect((await agent.get("/v1/quality", headers)).body, "reading goes on").toMatchObject({ items: [] });
  });

  test("is refused with a key as well, which no page can send without being asked for", async () => {
    const reporter = apiKey("reporter", ["report"]);
    const keyed = await testAgentOf(server, { keys: [reporter.entry] });
    const headers = { ...bearer(reporter.key), "sec-fetch-site": "cross-site" };
    expectProblem(await keyed.post("/v1/quality", GOOD, headers), "cross_site_request", /Sec-Fetch-Site/);
  });
});

describe("a request goes on", () => {
  test.each<[string, () => Record<string, string>]>([
    ["of a program, which sends neither header", () => ({})],
    ["of the agent's own page", () => ({ "sec-fetch-site": "same-origin", origin: `http://${own()}` })],
    ["of the page in an old browser", () => ({ origin: `http://${own()}` })],
    ["that a person made", () => ({ "sec-fetch-site": "none" })],
    ["of the page behind a proxy that speaks TLS and keeps the host", () => ({ origin: `https://${own()}` })],
    ["of the page at its public address", () => ({ origin: "https://sluice.example.com" })],
    [
      "of the page behind a proxy that names another host",
      () => ({ "sec-fetch-site": "same-origin", origin: "https://elsewhere.example" }),
    ],
  ])("%s", async (_who, headers) => {
    expect((await agent.post("/v1/latency", { pipeline_name: "o", seconds: 1 }, headers())).status).toBe(200);
  });

  test("of the page at the host that a trusted proxy forwards", async () => {
    const behind = await testAgentOf(server, { yaml: "trusted_proxies: [127.0.0.0/8]\n" });
    const headers = (forwarded: string) => ({ origin: "https://inside.example", "x-forwarded-host": forwarded });
    expect((await behind.post("/v1/quality", GOOD, headers("inside.example"))).status).toBe(200);
    expect((await behind.post("/v1/quality", GOOD, headers("other.example"))).status).toBe(403);
  });
});
