import { readFileSync } from "node:fs";
import { join } from "node:path";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { DAY, HOUR } from "../../src/domain/words/time.ts";
import { launchAgent, startAgent, type TestAgent, testServer } from "../support/agent.ts";
import { BOARDS, type Panel, queriesOf, sqlOf } from "./support/boards.ts";
import { filledSql, type SqlChoice } from "./support/fill-variables.ts";
import { FEATURES, FLIGHTS, HOSTILE, type Sent, sendHistory } from "./support/load.ts";

let agent: TestAgent;
let sent: Sent;
/** As the role that docs/grafana.md makes. */
let reader: pg.Client;

beforeAll(async () => {
  const server = await testServer();
  const first = await startAgent(server);
  sent = await sendHistory(first, Date.now());
  await first.stop();
  // Under another policy every gate is decided anew.
  agent = await (await launchAgent(first.database_url, { yaml: "gate:\n  max_age: 300d\n" })).ready;
  const changed = () => agent.query("SELECT FROM gate_transition WHERE cause = 'policy'");
  await vi.waitUntil(async () => (await changed()).length === 3, { timeout: 30_000 });
  const docs = readFileSync(join(import.meta.dirname, "../../docs/grafana.md"), "utf8");
  const grants = /```sql\n([\s\S]*?)```/.exec(docs)![1]!;
  await agent.query(grants);
  reader = await agent.session();
  await reader.query("SET ROLE sluice_grafana");
});

afterAll(() => agent?.stop());

const queries = sqlOf(queriesOf());

function choice(more: Partial<SqlChoice> = {}): SqlChoice {
  return { from: sent.now - 30 * DAY, to: sent.now + HOUR, ...more };
}

type Row = Record<string, unknown>;

async function rowsOf(board: string, panel: string, more: Partial<SqlChoice> = {}): Promise<Row[]> {
  const { target } = queries.find((query) => query.board === board && query.panel === panel)!;
  return (await reader.query<Row>(filledSql(target.rawSql!, choice(more)))).rows;
}

const chosen = (pipeline_name: string, ...feature_name: string[]) => ({
  chosen: { pipeline_name: [pipeline_name], ...(feature_name.length > 0 && { feature_name }) },
});

test("the reader of Grafana cannot write", async () => {
  await expect(reader.query("DELETE FROM run")).rejects.toThrow("permission denied");
});

describe.each(queries)("$where", ({ board, panel, target }) => {
  test("finds something, and has the columns that its panel shows", async () => {
    const { rows, fields } = await reader.query<Row>(filledSql(target.rawSql!, choice()));
    expect(rows.length).toBeGreaterThan(0);
    const columns = fields.map(({ name }) => name);
    if (target.format === "time_series") expect(columns).toEqual(["time", "metric", "value"]);
    const shown = BOARDS[board]!.panels.find(({ title }) => title === panel);
    expect(columns).toEqual(expect.arrayContaining(shown === undefined ? ["time", "text", "tags"] : columnsOf(shown)));
  });

  test("finds the hostile name when it is chosen, or nothing, and never fails", async () => {
    const only = { pipeline_name: [HOSTILE, "nobody"], feature_name: [HOSTILE] };
    const { rows } = await reader.query<Row>(filledSql(target.rawSql!, choice({ chosen: only })));
    const names = rows.flatMap(({ pipeline_name, metric }) => [pipeline_name, metric]).filter((name) => name);
    expect(names.every((name) => name === HOSTILE)).toBe(true);
  });

  test("finds nothing before there was anything", async () => {
    const { rows } = await reader.query<Row>(filledSql(target.rawSql!, { from: 0, to: DAY }));
    expect(rows).toEqual([]);
  });
});

/** Fields that a panel takes from its query. */
function columnsOf({ transformations = [], options = {}, fieldConfig }: Panel): string[] {
  const included = transformations.find(({ id }) => id === "filterFieldsByName")?.options.include;
  if (included !== undefined) return (included as { names: string[] }).names;
  if (options.xField === undefined) return [];
  return [String(options.xField), ...fieldConfig!.overrides.map(({ matcher }) => matcher.options)];
}

describe("runs", () => {
  test("the table has each run with its counts, its checks that did not pass, and its error", async () => {
    const rows = await rowsOf("pipeline", "Latest runs", chosen(FLIGHTS));
    expect(rows).toHaveLength(sent.days.length);
    const failed = sent.days.at(-1)!;
    expect(rows[0]).toMatchObject({
      run_id: failed.run_id,
      status: "failed",
      duration_seconds: 600,
      records: `extract 10000 → load ${failed.loaded}`,
      not_passed: null,
      drifted: null,
      error: "disk full",
    });
    const bad = rows.find(({ run_id }) => run_id === sent.days[6]!.run_id)!;
    expect(bad.not_passed).toBe("null_rate 0.2000 < 0.95");
  });

  test("the timeline goes from start to end of each run, and is idle between them", async () => {
    const rows = await rowsOf("pipeline", "Runs", chosen(FLIGHTS));
    expect(rows.map(({ value }) => value)).toEqual(sent.days.flatMap(({ status }) => [status === "failed" ? 6 : 1, 0]));
    const times = rows.map(({ time }) => (time as Date).getTime());
    expect(times).toEqual(sent.days.flatMap(({ started_at }) => [started_at, started_at + 600_000]));
  });

  test("a failed run is marked on the other panels", async () => {
    const [mark, ...others] = await rowsOf("pipeline", "annotation Failed runs");
    expect(others).toEqual([]);
    expect(mark!.text).toBe(`${FLIGHTS}: run ${sent.days.at(-1)!.run_id} failed: disk full`);
  });
});

describe("the gate", () => {
  test("its history has each change, with reasons, and who overrode it, why and until when", async () => {
    const rows = await rowsOf("pipeline", "Gate history", chosen(FEATURES));
    const { items } = (await agent.get(`/v1/gates/${FEATURES}/history`)).body as { items: Row[] };
    expect(rows.map(({ decision, allowed, cause }) => [decision, allowed, cause])).toEqual(
      items.map(({ decision, allowed, cause }) => [decision, allowed, cause]),
    );
    const overridden = rows.findIndex(({ cause }) => cause === "override");
    const { at, override_until, ...row } = rows[overridden]!;
    expect(row).toMatchObject({
      from_decision: "block",
      decision: "pass",
      override_actor: "anna",
      override_reason: "known and harmless",
    });
    expect(((override_until as Date).getTime() - (at as Date).getTime()) / HOUR).toBeCloseTo(2, 1);
    expect(rows[overridden + 1]!.reasons).toContain("schema_compliance");
  });

  test("an override is marked from its begin to its end", async () => {
    const [mark, ...others] = await rowsOf("pipeline", "annotation Overrides");
    expect(others).toEqual([]);
    expect(mark).toMatchObject({ text: `${FEATURES}: pass by anna, because known and harmless`, tags: "override" });
    expect(((mark!.timeend as Date).getTime() - (mark!.time as Date).getTime()) / HOUR).toBeCloseTo(2, 1);
  });
});

describe("the policy", () => {
  test("is marked where a pipeline's decision was the first under another one", async () => {
    const marks = await rowsOf("pipeline", "annotation Policy changes");
    const { policy_version } = (await agent.get(`/v1/gates/${FLIGHTS}`)).body as Row;
    const expected = [FEATURES, FLIGHTS, HOSTILE].map((name) => `${name}: policy ${policy_version}`);
    expect(marks.map(({ text }) => text).sort()).toEqual(expected.sort());
  });
});

describe("drift", () => {
  const VERDICTS = { stable: 1, no_reference: 2, inconclusive: 3, no_data: 4, errored: 5, drifted: 6 };

  test("the table says what the agent says", async () => {
    const rows = await rowsOf("drift", "Features", chosen(FEATURES));
    const { items } = (await agent.get(`/v1/drift/${FEATURES}`)).body as { items: Row[] };
    const said = items.map(
      ({ feature_name, verdict, psi, threshold, p_value, critical_psi, n_reference, n_current }) => ({
        feature_name,
        verdict: VERDICTS[verdict as keyof typeof VERDICTS],
        psi,
        threshold,
        p_value,
        critical_psi,
        n_reference,
        n_current,
      }),
    );
    expect(new Set(said.map(({ verdict }) => verdict))).toEqual(new Set(Object.values(VERDICTS)));
    const byName = (a: Row, b: Row) => String(a.feature_name).localeCompare(String(b.feature_name));
    expect(rows.map(({ pipeline_name, run_id, at, times_threshold, ...row }) => row).sort(byName)).toEqual(
      said.sort(byName),
    );
    expect(rows[0]).toMatchObject({ verdict: VERDICTS.drifted, feature_name: "amount" });
  });

  test.each([
    [FEATURES, "amount"],
    [FEATURES, "country"],
    [FEATURES, "score"],
    [FEATURES, "rare"],
    [FLIGHTS, "distance"],
  ])("the histogram of %s %s is the agent's, bin by bin", async (pipeline, feature) => {
    const rows = await rowsOf("drift", "Expected and actual: $feature_name", chosen(pipeline, feature));
    const { items } = (await agent.get(`/v1/drift/${pipeline}`)).body as {
      items: { feature_name: string; bins: Row[] }[];
    };
    // One bin has all names that the reference does not hold.
    const bins = items
      .find(({ feature_name }) => feature_name === feature)!
      .bins.map((bin): Row => ({ ...bin, label: String(bin.label).replace(/^\(new name 1\)$/, "other names") }));
    expect(bins.length).toBeGreaterThanOrEqual(3);
    expect(rows.map(({ bin }) => bin)).toEqual(bins.map(({ label }) => label));
    for (const [index, { expected, actual }] of bins.entries()) {
      expect(rows[index]!.expected).toBeCloseTo(expected as number, 12);
      expect(rows[index]!.actual).toBeCloseTo(actual as number, 12);
    }
  });

  test("with several pictures in one, each bin says whose it is", async () => {
    const rows = await rowsOf("drift", "Expected and actual: $feature_name", {
      chosen: { feature_name: ["distance", "rare"] },
    });
    const pipelines = rows.map(({ bin }) => String(bin).split(" · ")[0]);
    expect(new Set(pipelines)).toEqual(new Set([FLIGHTS, FEATURES]));
  });

  test("the inconclusive ones are counted", async () => {
    expect(await rowsOf("drift", "Inconclusive", chosen(FEATURES))).toEqual([{ inconclusive: "1" }]);
  });
});

describe("SLA", () => {
  test("the table has the agent's counts", async () => {
    const rows = await rowsOf("sla", "Results", chosen(FLIGHTS));
    const { checks } = (await agent.get(`/v1/sla/${FLIGHTS}?days=31`)).body as {
      checks: { check_name: string; total: number; passed: number; rate: number }[];
    };
    expect(rows.map(({ subject, total, passed }) => ({ subject, total, passed }))).toEqual(
      checks.map(({ check_name, total, passed }) => ({ subject: check_name, total, passed })),
    );
    for (const [index, { rate }] of checks.entries()) expect(100 * (rows[index]!.rate as number)).toBeCloseTo(rate, 2);
  });

  test("the calendar has a square for each day, and the bad one is not full", async () => {
    const rows = await rowsOf("sla", "Calendar", chosen(FLIGHTS));
    expect(rows.map(({ time }) => (time as Date).toISOString().slice(0, 10))).toEqual(
      sent.days.map(({ run_id }) => run_id),
    );
    expect(rows.map(({ value }) => value)).toEqual(sent.days.map(({ null_rate }) => (null_rate < 0.95 ? 0.5 : 1)));
  });

  test("another kind is counted apart", async () => {
    const rows = await rowsOf("sla", "Results", { ...chosen(FEATURES), kind: "drift" });
    expect(rows.map(({ subject, total, passed }) => [subject, total, passed])).toEqual([
      ["amount", 1, 0],
      ["country", 1, 1],
      ["score", 1, 1],
    ]);
  });
});
