import { describe, expect, test } from "vitest";
import { apiKey, bearer, testAgentOf, testServer } from "../support/agent.ts";
import { expectProblem } from "./problems.ts";

const server = await testServer();

describe("a mute", () => {
  test("of a key for some pipelines covers none that are not its own, however the glob is written", async () => {
    const limited = apiKey("limited", ["operate", "read"], ["a_?", "b*", "plain"]);
    const all = apiKey("all", ["operate", "read"]);
    const keyed = await testAgentOf(server, { keys: [limited.entry, all.entry] });
    const mute = (pipeline_name: string | undefined, key: string) =>
      keyed.post("/v1/mutes", { pipeline_name, reason: "r", actor: "a", expires_in: "1h" }, bearer(key));
    // As a name "a_*" fits a_?, as a glob it is every a_ there is; "?" and "*" of one pattern may be wider than another's.
    for (const wider of ["a_*", "*", "?_1", "a??", "bb*", "b?", "c", "plai?", undefined]) {
      const answer = await mute(wider, limited.key);
      expect([wider, answer.status]).toEqual([wider, 403]);
      expectProblem(
        answer,
        "forbidden",
        /this API key is for a_\?, b\*, plain: must be the name of one of its pipelines/,
      );
    }
    for (const own of ["a_1", "b", "bcd", "plain", "a_?", "b*"]) {
      expect([own, (await mute(own, limited.key)).status]).toEqual([own, 201]);
    }
    const { mute_id } = (await mute("a_*", all.key)).body as { mute_id: string };
    const end = (key: string) => keyed.send({ method: "DELETE", path: `/v1/mutes/${mute_id}`, headers: bearer(key) });
    expect((await end(limited.key)).status).toBe(403);
    expect((await end(all.key)).status).toBe(204);
  });

  test("is refused where a thousand hold: each trouble is held against all", async () => {
    const full = await testAgentOf(server);
    await full.query(
      `INSERT INTO mute (mute_id, pipeline_name, reason, actor, created_at, expires_at)
       SELECT gen_random_uuid(), 'p' || i, 'r', 'a', now(), now() + interval '1 hour' FROM generate_series(1, 1000) i`,
    );
    const body = { pipeline_name: "q", reason: "r", actor: "a", expires_in: "1h" };
    expectProblem(await full.post("/v1/mutes", body), "limit_reached", /^1000 mutes hold now; end one/);
    await full.query("UPDATE mute SET ended_at = now() WHERE pipeline_name = 'p1'");
    expect((await full.post("/v1/mutes", body)).status).toBe(201);
  });
});
