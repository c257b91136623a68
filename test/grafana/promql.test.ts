import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { GATE } from "../../grafana/src/lib/states.ts";
import { documentedScrape } from "../adapters/metrics/documented-scrape.ts";
import { PrometheusServer, type Sample } from "../adapters/metrics/prometheus-server.ts";
import { launchAgent, startAgent, type TestAgent, testServer } from "../support/agent.ts";
import { BOARDS, type Panel, promqlOf, type Query, queriesOf } from "./support/boards.ts";
import { filledPromql } from "./support/fill-variables.ts";
import { FEATURES, FLIGHTS, HOSTILE, type Sent, sendHistory, sendLoad } from "./support/load.ts";

/** What may be empty while all is well, and what is asked instead. */
const EMPTY_WHEN_WELL: Readonly<Record<string, (expr: string) => string>> = {
  "agent / Time series without room A": (expr) => expr.replace(/ > 0$/, ""),
};

/** Nobody listens there: what goes to it is tried again. */
const CHANNEL = "notices: { channels: [{ name: on_call, type: webhook, url: 'http://127.0.0.1:9/' }] }\n";

let agent: TestAgent;
let prometheus: PrometheusServer;
let sent: Sent;
let loading: Promise<void>;
let watching = true;

/**
 * Prometheus meets the agent after a restart: its counters and gauges are those of the store, the SLA rates are there at once,
 * and nothing is held back as newly born. Load comes in until the last test is done.
 */
beforeAll(async () => {
  const server = await testServer();
  const first = await startAgent(server);
  sent = await sendHistory(first, Date.now());
  await sendLoad(first, 0);
  await first.stop();
  agent = await (await launchAgent(first.database_url, { yaml: CHANNEL })).ready;
  prometheus = await PrometheusServer.startWith({ scrape_configs: [documentedScrape([`127.0.0.1:${agent.port}`])] });
  loading = load();
});

async function load(): Promise<void> {
  for (let round = 1; watching; round++) {
    await sendLoad(agent, round);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

afterAll(async () => {
  watching = false;
  await loading;
  await prometheus?.stop();
  await agent?.stop();
});

const queries = promqlOf(queriesOf());

/** As soon as there is an answer: a rate over four seconds, beside the four before them, takes nine to be there. */
async function answerTo(expr: string): Promise<Sample[]> {
  const samples: Sample[] = [];
  const ask = async () => {
    samples.splice(0, samples.length, ...(await prometheus.query(expr)));
    return samples.some(({ value }) => !Number.isNaN(value));
  };
  await expect.poll(ask, { timeout: 120_000, interval: 250, message: expr }).toBe(true);
  return samples;
}

test.each(queries.map((query) => [query.where, query] as const))(
  "%s finds something, with the labels that its panel shows",
  { timeout: 600_000 },
  async (where, { board, panel, target }) => {
    const expr = filledPromql(target.expr!);
    const samples = await answerTo(EMPTY_WHEN_WELL[where]?.(expr) ?? expr);
    const labels = labelsShown(BOARDS[board]!.panels.find(({ title }) => title === panel)!, target);
    for (const { metric } of samples) expect(Object.keys(metric)).toEqual(expect.arrayContaining(labels));
    // No two lines of one name: the legend tells them all apart.
    const lines = samples.map(({ metric }) =>
      (target.legendFormat ?? "").replace(/\{\{(\w+)\}\}/g, (_, name) => metric[name]!),
    );
    if (target.format === "time_series") expect(new Set(lines).size).toBe(lines.length);
  },
);

test.each(Object.entries(BOARDS))("the tables of %s show fields that their queries give", (_, board) => {
  for (const panel of board.panels.filter(({ type, targets }) => type === "table" && targets![0]!.expr !== undefined)) {
    const refs = panel.targets!.map(({ refId }) => (panel.targets!.length > 1 ? `Value #${refId}` : "Value"));
    const values = columnsOf(panel).filter((column) => column.startsWith("Value"));
    expect([panel.title, values]).toEqual([panel.title, refs]);
  }
});

function columnsOf({ transformations = [] }: Panel): string[] {
  const { include } = transformations.find(({ id }) => id === "filterFieldsByName")!.options;
  return (include as { names: string[] }).names;
}

function labelsShown(panel: Panel, { legendFormat }: Query["target"]): string[] {
  if (panel.type === "table") return columnsOf(panel).filter((column) => !column.startsWith("Value"));
  return [...(legendFormat ?? "").matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label!);
}

async function valuesOf(board: string, panel: string, refId = "A", chosen = {}): Promise<Sample[]> {
  const { target } = queries.find((query) => query.where === `${board} / ${panel} ${refId}`)!;
  return answerTo(filledPromql(target.expr!, chosen));
}

const of = (samples: Sample[], pipeline_name: string, more: Record<string, string> = {}) =>
  samples.find(({ metric }) => Object.entries({ pipeline_name, ...more }).every(([name, is]) => metric[name] === is))
    ?.value;

describe("the numbers are right", () => {
  test.each([
    ["Last run failed", 1],
    ["Checks below threshold", 1],
    ["Features drifted", 1],
    ["Below SLA target", 2],
  ])("overview: %s", async (panel, value) => {
    expect(await valuesOf("overview", panel)).toEqual([{ metric: {}, value }]);
  });

  test("overview: the gates, as the agent tells them", async () => {
    const { items } = (await agent.get("/v1/gates?limit=100")).body as {
      items: { pipeline_name: string; decision: keyof typeof GATE; allowed: boolean }[];
    };
    const told = Object.fromEntries(items.map(({ pipeline_name, decision }) => [pipeline_name, GATE[decision].code]));
    expect(told).toMatchObject({ [FLIGHTS]: GATE.block.code, [FEATURES]: GATE.pass.code });
    const samples = await valuesOf("overview", "Pipelines", "A");
    expect(Object.fromEntries(samples.map(({ metric, value }) => [metric.pipeline_name, value]))).toEqual(told);
    const closed = items.filter(({ allowed }) => !allowed).map(({ pipeline_name }) => pipeline_name);
    expect(await valuesOf("overview", "Gates not allowed")).toEqual([{ metric: {}, value: closed.length }]);
    const over = await valuesOf("overview", "Gates that were closed");
    expect(over.map(({ metric }) => metric.pipeline_name)).toEqual(closed);
  });

  test("SLA: what is left of the error budget", async () => {
    const rate = 23 / 24;
    const left = of(await valuesOf("sla", "Error budget left"), FLIGHTS);
    expect(left).toBeCloseTo(1 - (1 - rate) / (1 - 0.99), 6);
    expect(of(await valuesOf("sla", "Quality rate against target", "B"), FLIGHTS)).toBe(0.99);
  });

  test("overview: the row of a pipeline whose last run failed", async () => {
    const last = sent.days.at(-1)!;
    const row = async (refId: string) => of(await valuesOf("overview", "Pipelines", refId), FLIGHTS);
    expect(await row("B")).toBe(2);
    expect(await row("C")).toBe(last.started_at + 600_000);
    expect(await row("D")).toBe(600);
    expect(await row("G")).toBe(0);
    expect(await row("H")).toBe(0.998);
    expect(await row("J")).toBeCloseTo(23 / 24, 6);
  });

  test("overview: the check that does not pass, by how much", async () => {
    const labels = { check_name: "schema_compliance" };
    const value = async (refId: string) =>
      of(await valuesOf("overview", "Checks below their threshold", refId), FEATURES, labels);
    expect([await value("A"), await value("B")]).toEqual([0.9, 0.99]);
    expect(await value("C")).toBeCloseTo(0.09, 9);
  });

  test("overview: the feature that drifted, as the agent tells it", async () => {
    const { items } = (await agent.get(`/v1/drift/${FEATURES}`)).body as {
      items: { psi: number; threshold: number }[];
    };
    const samples = await valuesOf("overview", "Features that drifted", "A");
    expect(samples.map(({ metric }) => metric)).toEqual([{ pipeline_name: FEATURES, feature_name: "amount" }]);
    // Exported with 12 digits, so that rules on it and the agent agree.
    expect(samples[0]!.value).toBeCloseTo(items[0]!.psi, 11);
    const [times] = await valuesOf("overview", "Features that drifted", "C");
    expect(times!.value).toBeCloseTo(items[0]!.psi / items[0]!.threshold, 9);
  });

  test("pipeline: the margin of each check", async () => {
    const samples = await valuesOf("pipeline", "Checks now", "C");
    expect(of(samples, FLIGHTS, { check_name: "null_rate" })).toBeCloseTo(0.999 - 0.95, 9);
    expect(of(samples, HOSTILE, { check_name: HOSTILE })).toBeCloseTo(0.2, 9);
  });

  test("pipeline: latencies lie in the bucket that they were reported in", async () => {
    const [p50] = await valuesOf("pipeline", "Vector search latency", "C");
    expect(p50!.value).toBeGreaterThan(0.01);
    expect(p50!.value).toBeLessThan(0.05);
    const p99 = of(await valuesOf("pipeline", "Latency of other operations", "A"), "search_index", {
      operation: "embed",
    })!;
    expect(p99).toBeGreaterThan(0.25);
    expect(p99).toBeLessThan(0.5);
  });

  test("pipeline: only the chosen one is shown, whatever its name", async () => {
    // As Grafana's Prometheus data source escapes a value: for the pattern, and again for the string.
    const escaped = HOSTILE.replace(/[$^*{}[\]'+?.()|\\]/g, "\\$&").replace(/[\\"]/g, "\\$&");
    const samples = await valuesOf("pipeline", "Quality by check", "A", { pipeline_name: escaped });
    expect(samples.map(({ metric }) => metric.pipeline_name)).toEqual([HOSTILE]);
  });

  test("drift: judged, and without anything to compare with", async () => {
    expect(await valuesOf("drift", "Judged")).toEqual([{ metric: {}, value: 5 }]);
    expect(await valuesOf("drift", "Without a PSI")).toEqual([{ metric: {}, value: 3 }]);
  });

  test("SLA: the rate of a check is the agent's", async () => {
    const { checks } = (await agent.get(`/v1/sla/${FLIGHTS}?days=30`)).body as {
      checks: { check_name: string; rate: number }[];
    };
    const samples = await valuesOf("sla", "Checks by rate");
    for (const { check_name, rate } of checks) expect(of(samples, FLIGHTS, { check_name })! * 100).toBeCloseTo(rate, 2);
  });

  test("agent: a notice that cannot be delivered waits", async () => {
    await agent.post("/v1/runs", { pipeline_name: "orders_daily", run_id: "r1", status: "success" });
    await agent.post("/v1/runs", { pipeline_name: "orders_daily", run_id: "r2", status: "failed" });
    const waiting = async () => (await valuesOf("agent", "Notices waiting"))[0]!.value;
    await expect.poll(waiting, { timeout: 120_000 }).toBeGreaterThan(0);
    const samples = await valuesOf("agent", "Notices");
    expect(samples.map(({ metric }) => `${metric.channel} ${metric.outcome}`).sort()).toEqual([
      "on_call dead",
      "on_call retried",
      "on_call sent",
    ]);
  });

  test("agent: each round of the load is one duplicate and one rejected report", async () => {
    const duplicates = async () => (await valuesOf("agent", "Reports not accepted", "B"))[0]!.value;
    await expect.poll(duplicates, { timeout: 120_000 }).toBeGreaterThan(0);
    const rejected = async () => {
      const samples = await valuesOf("agent", "Reports not accepted", "A");
      return samples.filter(({ value }) => value > 0).map(({ metric }) => metric.kind);
    };
    await expect.poll(rejected, { timeout: 120_000 }).toEqual(["records"]);
  });
});
