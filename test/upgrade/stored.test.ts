import { afterAll, describe, expect, test } from "vitest";
import { sluice } from "../cli/edge.ts";
import { launchAgent, type TestAgent, testServer } from "../support/agent.ts";
import { oldRelease } from "../support/old-release.ts";

const old = oldRelease("0.1");
const server = await testServer();
const YAML = `
retention: 3660d
aliases:
  orders: orders_daily
drift:
  features:
    - {pipeline_name: clicks, feature_name: dwell, window: 1h}
gate:
  policies:
    - {pipeline_name: mart, depends_on: [orders_daily]}
    - {pipeline_name: clicks, run: off}
`;

const agent = await onOldStore();

async function onOldStore(): Promise<TestAgent> {
  const { ready } = await launchAgent(await old.restore(server), { yaml: YAML });
  const started = await ready;
  afterAll(() => started.stop());
  return started;
}

const names = Object.keys(old.answers.pipelines);
const of01 = (name: string) => old.answers.pipelines[name]!;

async function get(path: string) {
  const answer = await agent.get(path);
  expect(answer.status, `${path}: ${answer.text}`).toBe(200);
  // biome-ignore lint/suspicious/noExplicitAny: compared with the answers of another release
  return answer.body as any;
}

describe("on a store that 0.1 filled", () => {
  test("each pipeline's rates are what they were, day by day", async () => {
    for (const name of names) {
      for (const kind of ["quality", "run", "drift"]) {
        const { from, to, total, passed, excluded, days } = of01(name).sla[kind];
        const now = await get(`/v1/sla/${name}?kind=${kind}&since=${from}&until=${to}&group_by=day`);
        expect({ name, kind, ...now }).toMatchObject({ name, kind, total, passed, excluded, days });
        // Without days it is summed up by months.
        const whole = await get(`/v1/sla/${name}?kind=${kind}&since=${from}&until=${to}`);
        expect({ name, kind, ...whole }).toMatchObject({ name, kind, total, passed, excluded });
      }
    }
  });

  test("the rate of runs says since when a run counts once, by its last word", async () => {
    const { from, to } = of01("orders_daily").sla.run;
    const run = await get(`/v1/sla/orders_daily?kind=run&since=${from}&until=${to}`);
    expect(Date.parse(run.meaning_since)).toBeGreaterThan(Date.parse(old.answers.taken_at));
    expect(await get("/v1/sla?kind=run")).toMatchObject({
      items: [{ meaning_since: run.meaning_since }, {}, {}, {}, {}, {}, {}],
    });
    expect(await get("/v1/sla/orders_daily?kind=quality")).not.toHaveProperty("meaning_since");
    const since = new Date(Date.parse(run.meaning_since) + 1).toISOString();
    const after = await get(
      `/v1/sla/orders_daily?kind=run&since=${since}&until=${new Date(Date.now() + 60_000).toISOString()}`,
    );
    expect(after).not.toHaveProperty("meaning_since");
  });

  test("each run ended as it ended", async () => {
    for (const name of names) {
      const { items } = await get(`/v1/runs?pipeline_name=${name}&limit=100`);
      const said = of01(name).runs as { run_id: string; status: string; attempt: number; finished_at: string }[];
      const facts = (runs: typeof said) =>
        runs.map(({ run_id, status, attempt, finished_at }) => ({ run_id, status, attempt, finished_at }));
      expect(facts(items)).toEqual(facts(said));
    }
  });

  test("what each run's stages and checks came to is what it was", async () => {
    for (const name of names) {
      for (const { run_id, stages, checks } of of01(name).details as { run_id: string; stages: []; checks: [] }[]) {
        const run = await get(`/v1/runs/${name}/${encodeURIComponent(run_id)}`);
        expect({ name, ...run }).toMatchObject({ name, run_id, stages, checks });
      }
    }
  });

  test("each reference is active that was", async () => {
    for (const name of names) {
      const { items } = await get(`/v1/references/${name}`);
      const versions = (references: { feature_name: string; version: string; active: boolean }[]) =>
        references.map(({ feature_name, version, active }) => ({ feature_name, version, active }));
      expect(versions(items)).toEqual(versions(of01(name).references));
    }
  });

  /** Overrides and alerts of the fixture have run out since, so that the gates that they held are not compared. */
  test("gates say what they said, where time has not changed them", async () => {
    for (const name of ["broken", "clicks", "hanging", "orders_daily", "retried"]) {
      const now = await get(`/v1/gates/${name}`);
      const { decision, allowed, run_id } = of01(name).gate;
      expect({ name, ...now }).toMatchObject({ name, decision, allowed, run_id });
    }
  });

  test("history is not rewritten", async () => {
    for (const name of names) {
      const { items } = await get(`/v1/gates/${name}/history?limit=200`);
      const said = of01(name).history as object[];
      expect(items.slice(-said.length)).toMatchObject(said.map((one) => withoutReasons(one)));
    }
  });

  test("counters go on from where they were", async () => {
    const counters = /^(pipeline_runs_total|records_processed_total|pipeline_duration_seconds_count)\{/;
    const lines = (text: string) => text.split("\n").filter((line) => counters.test(line));
    const { text } = await agent.get("/metrics");
    expect(lines(text).map(tidy).sort()).toEqual(lines(old.answers.metrics).map(tidy).sort());
  });

  test("what is reported to it now is added to what was there", async () => {
    const run = { pipeline_name: "orders_daily", run_id: "after-the-upgrade" };
    for (const [route, body] of [
      ["/v1/records", { ...run, stage: "load", count: 49_900 }],
      ["/v1/quality", { ...run, check_name: "null_rate", score: 0.99, threshold: 0.95 }],
      ["/v1/runs", { ...run, status: "success" }],
    ] as const) {
      expect(await agent.post(route, body)).toMatchObject({ status: 200 });
    }
    const sla = await get("/v1/sla/orders_daily?since=2020-01-01T00:00:00Z");
    expect(sla.total).toBe(of01("orders_daily").sla.quality.total + 1);
  });

  test("an id that 0.1 took is still known", async () => {
    const again = { pipeline_name: "orders_daily", stage: "load", count: 1, id: "load-0" };
    expect(await agent.post("/v1/records", again)).toMatchObject({ status: 409, body: { code: "report_conflict" } });
  });
});

/** Reasons may be worded better than they were. */
function withoutReasons(transition: object): object {
  const { reasons: _, override: __, ...rest } = transition as Record<string, unknown>;
  return rest;
}

function tidy(line: string): string {
  return line.replaceAll(/ +/g, " ").trim();
}

describe("references that 0.1 stored", () => {
  const rules = async (name: string) =>
    (await get(`/v1/references/${name}`)).items.map(
      ({ feature_name, rule }: { feature_name: string; rule: number }) => [feature_name, rule],
    );
  const url = `http://127.0.0.1:${agent.port}`;
  const withReferences = names.filter((name) => of01(name).references.length > 0);

  test("are judged as they were, until they are put again", async () => {
    expect(withReferences).not.toEqual([]);
    for (const name of withReferences) for (const [, rule] of await rules(name)) expect(rule).toBe(1);
    const [name] = withReferences as [string];
    const [{ feature_name }] = (await get(`/v1/references/${name}`)).items;
    const dry = await sluice(["reference", "rebuild", "--pipeline", name, "--dry-run", "--url", url], ".");
    expect(dry).toMatchObject({ code: 0, out: expect.stringContaining(`${feature_name}: `) });
    expect((await rules(name)).map(([, rule]: [string, number]) => rule)).not.toContain(2);

    const rebuilt = await sluice(["reference", "rebuild", "--pipeline", name, "--url", url], ".");
    expect(rebuilt).toMatchObject({ code: 0, err: "" });
    for (const [, rule] of await rules(name)) expect(rule).toBe(2);
    const again = await sluice(["reference", "rebuild", "--pipeline", name, "--url", url], ".");
    expect(again.out).toContain("every reference");
  });
});
