import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newDatabase, testServer } from "../support/agent.ts";
import { type ToldServer, toldServer } from "../support/notify/http-server.ts";
import { startShippedAgent } from "../support/shipped-agent.ts";

const server = await testServer();
const PATIENT = { timeout: 300_000 };

let directory: string;
let receiver: ToldServer;
beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), "sluice-running-"));
  receiver = await toldServer();
});
afterAll(async () => {
  await receiver.stop();
  rmSync(directory, { recursive: true });
});

test("a running agent takes on all that may be on SIGHUP, and says what needs a restart", async () => {
  const file = path.join(directory, "sluice.yaml");
  writeFileSync(file, "{}\n");
  const running = await startShippedAgent({ config: file, database_url: await newDatabase(server), directory });
  const { lines } = running;
  let code: number | null;
  const change = async (yaml: string, msg = "the configuration was read again") => {
    const before = lines(msg).length;
    writeFileSync(file, yaml);
    running.signal("SIGHUP");
    // The file is looked after as well, so that it may be read twice.
    await expect.poll(() => lines(msg).length, PATIENT).toBeGreaterThan(before);
    return lines(msg)[before]!;
  };
  try {
    const { url } = running;
    const get = async (where: string) => (await fetch(`${url}${where}`)).json() as Promise<Record<string, unknown>>;
    const post = async (where: string, body: object) => {
      const answer = await fetch(`${url}${where}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      expect(answer.status, await answer.clone().text()).toBe(200);
    };
    const quality = (run_id: string) =>
      post("/v1/quality", { pipeline_name: "orders", run_id, check_name: "c", score: 1, threshold: 0.9 });
    await quality("1");
    const seen = async () => {
      const [sla, gate, config] = await Promise.all(["/v1/sla/orders", "/v1/gates/orders", "/v1/config"].map(get));
      const { log_level, drift, retention } = config as { log_level: string; drift: object; retention: string };
      return { target: sla!.target, team: gate!.team, log_level, drift, retention };
    };
    const before = await seen();
    expect(before).toMatchObject({ target: 99, team: null, log_level: "info", drift: { threshold: 0.2 } });
    const next = `sla: {target: 42}
teams: [{team: commerce, pipelines: [ord*]}]
drift: {threshold: 0.7}
log_level: debug
retention: 1d
limits: {batch_items: 7}
notices: {group_wait: 0s, channels: [{name: hook, type: webhook, url: "${receiver.url}/x"}]}
`;
    expect((await change(next)).changed).toEqual(["log_level", "sla", "drift", "teams", "notices"]);
    const after = { ...before, target: 42, team: "commerce", log_level: "debug" };
    expect(await seen()).toMatchObject({ ...after, drift: { threshold: 0.7 } });
    expect(lines("they hold from the next start").at(-1)!.need_restart).toEqual(["retention", "limits"]);
    await post("/v1/runs", { pipeline_name: "orders", run_id: "2", status: "failed" });
    await expect.poll(() => receiver.received.length, PATIENT).toBe(1);
    for (const wrong of ["", "# nothing\n", next.slice(0, 60), `${next}sal: {}\n`]) {
      await change(wrong, "all that held before holds");
      expect(await seen()).toMatchObject({ ...after, drift: { threshold: 0.7 } });
    }
    // Lines of the level "info" are heard of no more.
    await change(`${next.replace("debug", "warn")}`, "they hold from the next start");
    await expect.poll(async () => (await seen()).log_level, PATIENT).toBe("warn");
    const heard = lines("the configuration was read again").length;
    await change(`${next.replace("debug", "warn").replace("42", "43")}`, "they hold from the next start");
    await expect.poll(async () => (await seen()).target, PATIENT).toBe(43);
    expect(lines("the configuration was read again")).toHaveLength(heard);
  } finally {
    code = await running.stop();
  }
  expect(code).toBe(0);
});
