import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { expect, test } from "vitest";
import { type Agent, startAgent } from "../../bench/lib/agent.ts";
import { startDebianPostgres } from "../support/debian-postgres.ts";

const post = (agent: Agent, path: string, body: object) =>
  fetch(agent.url + path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

test("an agent that slept while another took its place writes and answers nothing, and ends with 70", async () => {
  const postgres = await startDebianPostgres();
  const first = await startAgent({ database_url: postgres.url });
  let second: Agent | undefined;
  try {
    const run = { pipeline_name: "p", run_id: "1", status: "success" };
    const check = { pipeline_name: "p", run_id: "1", check_name: "c", score: 1 };
    expect((await post(first, "/v1/quality", check)).status).toBe(200);
    expect((await post(first, "/v1/runs", run)).status).toBe(200);
    expect(await (await fetch(`${first.url}/v1/gates/p`)).json()).toMatchObject({ decision: "pass" });

    process.kill(first.pid, "SIGSTOP");
    // Sent while it sleeps: the kernel takes them, and it finds them when it wakes.
    const asked = fetch(`${first.url}/v1/gates/p`).catch(() => null);
    const sent = post(first, "/v1/quality", { ...check, check_name: "late" }).catch(() => null);
    second = await startAgent({ database_url: postgres.url });
    expect((await post(second, "/v1/quality", { ...check, run_id: "2", score: 0.1 })).status).toBe(200);
    expect((await post(second, "/v1/runs", { ...run, run_id: "2", status: "failed" })).status).toBe(200);
    expect(await (await fetch(`${second.url}/v1/gates/p`)).json()).toMatchObject({ decision: "block" });

    process.kill(first.pid, "SIGCONT");
    for (const answer of [await asked, await sent]) expect([undefined, 503]).toContain(answer?.status);
    for (let patience = 0; first.running && patience < 600; patience++) await sleep(50);
    expect(first.ending).toMatch(/70/);
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    const { rows } = await client.query("SELECT DISTINCT check_name FROM data_quality_sla");
    await client.end();
    expect(rows).toEqual([{ check_name: "c" }]);
    expect(await (await fetch(`${second.url}/v1/gates/p`)).json()).toMatchObject({ decision: "block" });
  } finally {
    if (first.running) await first.stop("SIGKILL");
    await first.dispose();
    await second?.dispose();
    await postgres.dispose();
  }
});
