import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addDays, daysUntil, lastFinishedDay } from "../../examples/flights/calendar.mjs";
import { openDatabase } from "../../examples/flights/database.mjs";
import { runDay } from "../../examples/flights/pipeline.mjs";
import { TROUBLES, troubleOf } from "../../examples/flights/troubles.mjs";
import { DemoWorkspace, type Ended, isReady } from "./demo-workspace.ts";

const MINUTES = 60_000;

let workspace: DemoWorkspace;

beforeAll(async () => {
  workspace = await DemoWorkspace.create();
}, 5 * MINUTES);
afterAll(() => workspace?.dispose(), MINUTES);

interface Run {
  status: string;
  attempt: number;
  started_at: string;
  finished_at: string;
  duration_seconds: number;
  data_interval_start: string;
  attempts: { attempt: number; status: string; error: string | null }[];
  stages: { stage: string; count: number; failed: number | null; expected_min: number | null }[];
  checks: {
    check_name: string;
    score: number | null;
    passed: boolean | null;
    severity: string;
    error: string | null;
  }[];
}

interface Gate {
  allowed: boolean;
  reasons: { code: string }[];
}

interface Verdict {
  run_id: string;
  verdict: string;
  decided_by?: string[];
  psi: number;
  p_value: number;
  critical_psi: number;
  threshold: number;
  n_current: number;
  bins: { label: string; expected: number; actual: number }[];
}

interface Sla {
  total: number;
  passed: number;
  checks: { check_name: string; total: number; passed: number; state: string }[];
}

describe("thirty days, each trouble once among them", () => {
  // Thirty days in a row hold every date of the troubles once, whenever this runs.
  const days: string[] = daysUntil(lastFinishedDay(Date.now()), 30);
  let directory: string;
  let url: string;
  let ended: Ended;
  const window = () => ["--once", "--days", "30", "--until", days.at(-1)!, "--dir", directory];

  beforeAll(async () => {
    directory = await workspace.directory("thirty-days");
    url = await workspace.startAgent();
    ended = await workspace.demo(window(), { SLUICE_URL: url });
  }, 5 * MINUTES);

  const ask = async <T>(address: string): Promise<T> => (await (await fetch(`${url}${address}`)).json()) as T;
  const runOf = (day: string) => ask<Run>(`/v1/runs/flights_daily/${day}`);
  const runWith = (name: string) => runOf(dayWith(name));
  const dayWith = (name: string): string => days.find((day) => troubleOf(day)?.name === name)!;
  const count = (run: Run, stage: string) => run.stages.find((one) => one.stage === stage)!.count;
  const check = (run: Run, name: string) => run.checks.find(({ check_name }) => check_name === name)!;
  const verdictOn = async (feature: string, day: string): Promise<Verdict> => {
    const { items } = await ask<{ items: Verdict[] }>(`/v1/drift/flights_daily/${feature}?limit=100`);
    return items.find(({ run_id }) => run_id === day)!;
  };
  const failing = (run: Run) => run.checks.filter(({ passed }) => passed !== true).map(({ check_name }) => check_name);
  /** 40 days: all that was reported, at whatever hour this runs. */
  const sla = () => ask<Sla>("/v1/sla/flights_daily?days=40");

  it("ends well and leaves an agent that it did not start running", async () => {
    expect(ended.err).toBe("");
    expect(ended.code).toBe(0);
    expect(await isReady(url)).toBe(true);
  });

  it("the table tells each broken day what Sluice said of it", () => {
    const line = (name: string) => ended.out.split("\n").find((text) => text.startsWith(dayWith(name)));
    expect(line("distance in kilometres")).toMatch(
      /4\/4 {2}distance drifted, PSI 0\.3\d +success +stop +distance in kilometres$/,
    );
    expect(line("90 % of rows gone")).toMatch(/3\/4 {2}row_count 0\.\d\d < 0\.80 +success +stop +90 % of rows gone$/);
    expect(line("delay is all NULL")).toMatch(/3\/4 {2}null_rate 0\.00 < 0\.95 +success +stop +delay is all NULL$/);
    expect(line("delay was renamed")).toMatch(
      / 0 {5}1\/4 {2}row_count 0\.00 < 0\.80 +success +stop +delay was renamed$/,
    );
    expect(line("three hours late")).toMatch(
      /3\/4 {2}on_time 0\.00 < 1\.00 +success +go on, warned +three hours late$/,
    );
    expect(line("database locked")).toMatch(
      /4\/4 {2}all passed +success, attempt 2 +go on(, warned)? +database locked$/,
    );
  });

  it("a day on which 90 % of the rows are gone fails its row count, though its run is a success", async () => {
    const run = await runWith("90 % of rows gone");
    expect(run.status).toBe("success");
    expect(failing(run)).toEqual(["row_count"]);
    expect(check(run, "row_count").score).toBeLessThan(0.13);
    const load = run.stages.find(({ stage }) => stage === "load")!;
    expect(load.count).toBeLessThan(load.expected_min!);
  });

  it("a column that is all NULL fails the null rate alone: every row is loaded", async () => {
    const run = await runWith("delay is all NULL");
    expect(run.status).toBe("success");
    expect(failing(run)).toEqual(["null_rate"]);
    expect(check(run, "null_rate").score).toBe(0);
    expect(count(run, "load")).toBe(count(run, "transform"));
  });

  it("a renamed field leaves nothing to load, and a null rate that says why it has no score", async () => {
    const run = await runWith("delay was renamed");
    expect(run.status).toBe("success");
    expect(failing(run).sort()).toEqual(["null_rate", "row_count", "schema_compliance"]);
    expect(check(run, "null_rate")).toMatchObject({ score: null, error: expect.stringContaining("no row") });
    expect(count(run, "extract")).toBeGreaterThan(14_000);
    expect(count(run, "load")).toBe(0);
  });

  it("late data is late by a warning, and its run took the wait", async () => {
    const run = await runWith("three hours late");
    expect(failing(run)).toEqual(["on_time"]);
    expect(check(run, "on_time").severity).toBe("warn");
    // Due at 02:00, there at 04:30; four steps of about half a minute follow.
    expect(run.duration_seconds).toBeGreaterThan(2.5 * 3600);
    expect(run.duration_seconds).toBeLessThan(2.6 * 3600);
  });

  it("a column in another unit passes every check, and is the one thing that drifted", async () => {
    const day = dayWith("distance in kilometres");
    expect(failing(await runOf(day))).toEqual([]);
    const { verdict, psi, p_value, threshold, n_current } = await verdictOn("distance", day);
    expect(verdict).toBe("drifted");
    expect(psi).toBeGreaterThan(threshold);
    expect(p_value).toBeLessThan(0.01);
    expect(n_current).toBe(count(await runOf(day), "load"));
    for (const other of ["hour", "origin"]) expect((await verdictOn(other, day)).verdict).toBe("stable");
    expect((await verdictOn("distance", addDays(day, -1))).verdict).toBe("stable");
  });

  it("what only the weather moves is told as it is: no day drifts but in its delays, and one in an airport that closed", async () => {
    for (const day of days.filter((one) => troubleOf(one) === undefined)) {
      for (const feature of ["distance", "hour"]) {
        expect([day, feature, (await verdictOn(feature, day)).verdict]).toEqual([day, feature, "stable"]);
      }
      // One day Houston is all but closed: that is true, and no PSI over 200 airports shows it.
      const { verdict, decided_by } = await verdictOn("origin", day);
      if (verdict !== "stable") expect([day, verdict, decided_by]).toEqual([day, "drifted", ["class IAH"]]);
    }
  });

  it("a column that is all NULL has drifted into the bin of nulls; without a row there is no data", async () => {
    const { verdict, bins } = await verdictOn("delay", dayWith("delay is all NULL"));
    expect(verdict).toBe("drifted");
    expect(bins.at(-1)).toEqual({ label: "nulls", expected: 0, actual: 1 });
    expect((await verdictOn("distance", dayWith("delay was renamed"))).verdict).toBe("no_data");
  });

  it("a tenth of the rows makes PSI larger and no drift: chance alone does that with 200 airports", async () => {
    const day = dayWith("90 % of rows gone");
    const [few, usual] = [await verdictOn("origin", day), await verdictOn("origin", addDays(day, -1))];
    expect(few.psi).toBeGreaterThan(3 * usual.psi);
    for (const feature of ["distance", "hour", "origin"]) {
      expect((await verdictOn(feature, day)).verdict).not.toBe("drifted");
    }
  });

  it("the table of drift has each feature once", () => {
    const table = ended.out.slice(ended.out.indexOf("\ndrift from")).split("\n\n")[0]!;
    expect(table.match(/^(distance|hour|delay|origin) +29 /gm)).toHaveLength(4);
    expect(table).toMatch(new RegExp(`^distance +29 +1 .* ${dayWith("distance in kilometres")}$`, "m"));
  });

  it("a locked database fails an attempt, not the run", async () => {
    const run = await runWith("database locked");
    expect(run).toMatchObject({ status: "success", attempt: 2 });
    expect(run.attempts.filter(({ status }) => status !== "started")).toMatchObject([
      { attempt: 1, status: "retrying", error: "database is locked" },
      { attempt: 2, status: "success", error: null },
    ]);
    expect(failing(run)).toEqual([]);
  });

  it("every other day passes its four checks on the day it is about", async () => {
    const good = days.filter((day) => troubleOf(day) === undefined);
    expect(good).toHaveLength(30 - TROUBLES.length);
    for (const day of good) {
      const run = await runOf(day);
      expect(run).toMatchObject({ status: "success", attempt: 1, data_interval_start: `${day}T00:00:00Z` });
      expect([day, failing(run), run.checks.length]).toEqual([day, [], 4]);
      const [extracted, loaded] = [count(run, "extract"), count(run, "load")];
      const lost = run.stages.reduce((sum, { failed }) => sum + (failed ?? 0), 0);
      expect(loaded).toBe(extracted - lost);
    }
  });

  it("the gate stops the days whose data is bad, though their runs are successes, and no other", async () => {
    const decisions = await Promise.all(
      days.map(async (day) => {
        const { allowed, reasons } = await ask<Gate>(`/v1/gates/flights_daily?run_id=${day}`);
        return { day, allowed, code: reasons[0]?.code };
      }),
    );
    const stopped = decisions.filter(({ allowed }) => !allowed).map(({ day, code }) => [troubleOf(day)?.name, code]);
    expect(new Map(stopped as [string, string][])).toEqual(
      new Map([
        ["90 % of rows gone", "quality_below_threshold"],
        ["delay is all NULL", "quality_below_threshold"],
        ["delay was renamed", "quality_below_threshold"],
        ["distance in kilometres", "feature_drifted"],
      ]),
    );
    expect(stopped).toHaveLength(4);
  });

  it("the step downstream did not run on the days that were stopped, and ran on all others", async () => {
    const database = await openDatabase(path.join(directory, "flights.sqlite"), workspace.packages);
    const stopped = ["90 % of rows gone", "delay is all NULL", "delay was renamed", "distance in kilometres"].map(
      dayWith,
    );
    expect(database.publishedDays()).toEqual(days.filter((day) => !stopped.includes(day)));
    database.close();
  });

  it("SLA counts a row for each check of each attempt, and none for the one without a score", async () => {
    const { checks, ...all } = await sla();
    const counts = checks.map(({ check_name, total, passed }) => [check_name, total, passed]);
    // 30 days; the retried day reports its first three checks twice; one null rate has no score.
    expect(counts).toEqual([
      ["null_rate", 30, 29],
      ["on_time", 31, 30],
      ["row_count", 30, 28],
      ["schema_compliance", 31, 30],
    ]);
    expect(all).toMatchObject({ total: 122, passed: 117 });
  });

  it("the metrics count what the runs say", async () => {
    const metrics = await counters(url);
    expect(metrics.get('pipeline_runs_total{pipeline_name="flights_daily",status="success"}')).toBe(30);
    expect(metrics.get('pipeline_runs_total{pipeline_name="flights_daily",status="retrying"}')).toBe(1);
    expect(metrics.get('pipeline_runs_total{pipeline_name="flights_daily",status="failed"}')).toBe(0);
    const runs = await Promise.all(days.map(runOf));
    const loaded = runs.reduce((sum, run) => sum + count(run, "load"), 0);
    expect(metrics.get('records_processed_total{pipeline_name="flights_daily",stage="load"}')).toBe(loaded);
  });

  it("a second run of the demo changes nothing", async () => {
    const before = [await sla(), await counters(url)];
    const again = await workspace.demo(window(), { SLUICE_URL: url });
    expect(again).toMatchObject({ code: 0, err: "" });
    expect(again.out).toContain("all 30 days are reported already: nothing to do");
    expect([stripped(await sla()), await counters(url)]).toEqual([stripped(before[0] as Sla), before[1]]);
    const table = (out: string) => out.slice(out.indexOf("\nday "));
    expect(table(again.out)).toBe(table(ended.out));
  });

  it("a day that is done once more, as after a kill, is reported under the same ids and counted once", async () => {
    const before = [await sla(), await counters(url), await runWith("delay is all NULL")];
    const database = await openDatabase(path.join(directory, "flights.sqlite"), workspace.packages);
    const day = dayWith("delay is all NULL");
    try {
      await runDay({ day, file: path.join(directory, "inbox", `flights-${day}.csv`), database, agent: { url } });
    } finally {
      database.close();
    }
    const after = [await sla(), await counters(url), await runWith("delay is all NULL")];
    expect([stripped(after[0] as Sla), ...after.slice(1)]).toEqual([stripped(before[0] as Sla), ...before.slice(1)]);
  });
});

describe("without an agent", () => {
  it(
    "starts one of its own, and with --once stops it in the end",
    async () => {
      const directory = await workspace.directory("own-agent");
      const { code, out, err } = await workspace.demo(["--once", "--own-agent", "--days", "2", "--dir", directory]);
      expect([code, err]).toEqual([0, ""]);
      const started = /starting one at (http:\/\/127\.0\.0\.1:\d+)/.exec(out)![1]!;
      // Two weeks to compare with, without the troubles in them, are loaded before the two that are reported.
      const before = daysUntil(addDays(lastFinishedDay(Date.now()), -2), 14);
      const loaded = before.filter((day, i) => i >= 7 || troubleOf(day) === undefined).length;
      expect(out.match(new RegExp(`^ ?\\d+/${loaded + 2} {2}`, "gm"))).toHaveLength(loaded + 2);
      expect(out).toMatch(/^all checks +\d/m);
      expect(await isReady(started)).toBe(false);
    },
    2 * MINUTES,
  );

  it("says so where SLUICE_URL names none", async () => {
    const directory = await workspace.directory("nobody");
    const { code, err } = await workspace.demo(["--once", "--dir", directory], { SLUICE_URL: "http://127.0.0.1:1/" });
    expect(code).toBe(1);
    expect(err).toContain("No Sluice answers at http://127.0.0.1:1 (SLUICE_URL)");
  });
});

/** The window moves with the clock; what is counted in it does not. */
function stripped({ total, passed, checks }: Sla) {
  return { total, passed, checks };
}

/** The counters and histograms of the demo's pipeline. */
async function counters(url: string): Promise<Map<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const lines = text.split("\n").filter((line) => /^\w+(_total|_count|_sum|_bucket)\{.*flights_daily/.test(line));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf("} ") + 1), Number(line.slice(line.lastIndexOf("} ") + 2))]),
  );
}
