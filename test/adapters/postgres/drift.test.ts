import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { postgresReader } from "../../../src/adapters/postgres/read/reader.ts";
import { DEFAULT_DRIFT } from "../../../src/domain/drift/drift.ts";
import { referenceHistogram } from "../../../src/domain/drift/histograms/reference-histogram.ts";
import type { Outcome } from "../../../src/service/commit/submission.ts";
import {
  activateVersion,
  promoteHistogram,
  putReference,
  type ReferenceDeps,
  removeReference,
} from "../../../src/service/drift/change-reference.ts";
import { readVerdict, worstFirst } from "../../../src/service/drift/read-drift.ts";
import { NOON, restored, TestAcceptor } from "../../support/acceptor.ts";
import { SERVERS, type TestDatabase } from "../../support/database.ts";
import { gateDeps } from "../../support/gates.ts";

/** The worked example: a reference of 1000 rows, and 1000 rows today. */
const AGE = { reference: [100, 200, 300, 250, 150], current: [80, 180, 350, 250, 140] };
const EDGES = [0, 20, 40, 60, 80, 100];

describe.each(SERVERS)("drift on $server", ({ open }) => {
  let db: TestDatabase;
  let agent: TestAcceptor;
  let deps: ReferenceDeps;
  let clock = NOON - 100_000;

  beforeAll(async () => {
    db = await open();
    agent = new TestAcceptor(db.pool);
    deps = {
      store: agent.store,
      afterCommit: agent.recorder,
      clock: { now: () => clock },
      driftSettings: () => DEFAULT_DRIFT,
      ...gateDeps(),
    };
  });
  afterAll(() => db.dispose());

  const put = (feature_name: string, input: object, pipeline_name = "features") => {
    const histogram = referenceHistogram(input);
    if (!histogram.ok) throw new Error(JSON.stringify(histogram.errors));
    return putReference(deps, { pipeline_name, feature_name }, histogram.value, null);
  };
  const report = (features: object, more: object = {}) =>
    agent.send({
      kind: "drift",
      pipeline_name: "features",
      run_id: "r1",
      at: (NOON - 60_000) / 1000,
      features,
      ...more,
    });
  const verdicts = ([outcome]: Outcome[]) => {
    if (!outcome?.accepted) throw new Error(JSON.stringify(outcome));
    return (outcome.answer as { features: Record<string, { verdict: string; psi: number }> }).features;
  };

  it("judges the worked example: age is stable at PSI 0.0154, amount has not moved", async () => {
    await put("age", { edges: EDGES, counts: AGE.reference });
    await put("amount", { counts: [50, 150, 300, 350, 150] });
    const answer = verdicts(
      await report({
        age: { counts: AGE.current },
        amount: { counts: [50, 150, 300, 350, 150] },
        unknown: { values: [1, 2, 3] },
      }),
    );
    // By hand: sum of (a − e)·ln(a / e) over the five shares.
    const psi = [0, 1, 2, 3, 4].reduce((sum, i) => {
      const [e, a] = [AGE.reference[i]! / 1000, AGE.current[i]! / 1000];
      return sum + (a - e) * Math.log(a / e);
    }, 0);
    expect(answer.age).toMatchObject({ verdict: "stable", n_reference: 1000, n_current: 1000 });
    expect(answer.age!.psi).toBeCloseTo(psi, 12);
    expect(answer.amount).toMatchObject({ verdict: "stable", psi: 0, p_value: 1 });
    expect(answer.unknown).toMatchObject({ verdict: "no_reference", psi: null, n_current: 3, reference_version: null });
    const metrics = await agent.metrics();
    const labels = 'pipeline_name="features",feature_name="age"';
    expect(metrics.get(`feature_drift_score{${labels}}`)).toBeCloseTo(psi, 12);
    expect(metrics.get(`feature_drifted{${labels}}`)).toBe(0);
    expect(metrics.get(`feature_drift_threshold{${labels}}`)).toBe(0.2);
    expect(metrics.get(`feature_rows{${labels}}`)).toBe(1000);
    expect(metrics.get('feature_rows{pipeline_name="features",feature_name="unknown"}')).toBe(3);
    expect(metrics.has('feature_drift_score{pipeline_name="features",feature_name="unknown"}')).toBe(false);
  });

  it("calls a shifted feature drifted, as an SLA event and as a gauge", async () => {
    const answer = verdicts(await report({ age: { counts: [400, 300, 150, 100, 50] } }, { run_id: "r2" }));
    expect(answer.age).toMatchObject({ verdict: "drifted" });
    const later = { run_id: "r3", at: (NOON - 30_000) / 1000 };
    await report({ age: { counts: [400, 300, 150, 100, 50] } }, later);
    expect((await agent.metrics()).get('feature_drifted{pipeline_name="features",feature_name="age"}')).toBe(1);
    const { rows } = await db.pool.query(
      "SELECT passed, count(*) AS n FROM sla_event WHERE kind = 'drift' GROUP BY 1 ORDER BY 1",
    );
    expect(rows).toEqual([
      { passed: false, n: 2 },
      { passed: true, n: 2 },
    ]);
    const [count] = await postgresReader(db.pool).slaCounts({
      kind: "drift",
      from: NOON - 3_600_000,
      to: NOON,
      pipeline_names: ["features"],
      subject: null,
      by_subject: false,
      by_day: false,
    });
    expect(count).toMatchObject({ total: 4, passed: 2 });
  });

  it("does not call twelve rows stable", async () => {
    const answer = verdicts(await report({ age: { counts: [4, 3, 3, 1, 1] } }, { run_id: "few" }));
    expect(answer.age).toMatchObject({ verdict: "inconclusive" });
  });

  it("keeps what does not fit its reference as errored, and leaves its neighbours alone", async () => {
    const features = { age: { counts: [1, 2, 3] }, other: { counts: [1, 1, 1, 1, 1] } };
    const answer = verdicts(await report(features, { id: "misfit", run_id: "misfit" }));
    const age = {
      verdict: "errored",
      code: "reference_mismatch",
      detail: "counts: the reference has 5 bins, 3 counts were given",
      psi: null,
      n_current: 6,
      bins: [],
    };
    expect(answer).toMatchObject({ age, other: { verdict: "no_reference" } });
    expect(verdicts(await report(features, { id: "misfit", run_id: "misfit" }))).toEqual(answer);
    const again = verdicts(await report({ age: { counts: [1, 2, 3, 4, 5] } }, { run_id: "misfit" }));
    expect(again.age).not.toHaveProperty("detail");
  });

  it("answers the same id with the same verdicts", async () => {
    const features = { age: { values: [5, 25, 45, 65, 85, null, 500] } };
    const [first] = await report(features, { id: "again", run_id: "twice" });
    const [second] = await report(features, { id: "again", run_id: "twice" });
    expect(second).toEqual({ ...first, duplicate: true });
  });

  it("judges against an inline reference where none is stored, and remembers which it was", async () => {
    const reference = { categories: { a: 500, b: 500 } };
    const answer = verdicts(
      await report({ country: { categories: { a: 100, b: 900, c: 5 }, reference } }, { run_id: "inline" }),
    );
    expect(answer.country).toMatchObject({ verdict: "drifted" });
    const [row] = await postgresReader(db.pool).driftHistory({
      pipeline_name: "features",
      feature_name: "country",
      since: null,
      after: null,
      limit: 10,
    });
    expect(readVerdict(row!)).toMatchObject({
      ...(answer.country as object),
      bins: [{ label: "a" }, { label: "b" }, { label: "(new name 1)" }],
    });
  });

  it("reads back each verdict as it was answered, with its bins and measures", async () => {
    const features = { age: { values: [5, 25, 45, 65, 85, null, 500] }, amount: { counts: [1, 2, 3, 4, 5], nulls: 2 } };
    const answer = verdicts(await report(features, { run_id: "read-back", at: NOON / 1000 }));
    const rows = (await postgresReader(db.pool).latestDrift("features")).map(readVerdict);
    const {
      feature_name: _f,
      run_id,
      at: _a,
      alpha: _l,
      detectable_psi,
      detectable_shift,
      ...age
    } = rows.find(({ feature_name }) => feature_name === "age")!;
    expect(run_id).toBe("read-back");
    expect(age).toEqual(answer.age);
    expect(detectable_psi!).toBeGreaterThan(age.threshold);
    expect(detectable_shift!).toBeGreaterThan(0);
    expect(worstFirst(rows)[0]!.verdict).toBe("drifted");
  });

  it("puts a false alarm right by promoting the run's histogram, and goes back by activating the old version", async () => {
    const pipeline_name = "promoted";
    const feature = { pipeline_name, feature_name: "age" };
    const first = await put("age", { edges: EDGES, counts: AGE.reference }, pipeline_name);
    expect(first.verdict).toBeNull();
    const shifted = { age: { edges: EDGES, counts: [400, 300, 150, 100, 50] } };
    const at = (NOON - 5000) / 1000;
    await agent.send({ kind: "drift", pipeline_name, run_id: "new-world", at, features: shifted });
    const drifted = async () =>
      (await agent.metrics()).get('feature_drifted{pipeline_name="promoted",feature_name="age"}');
    expect(await drifted()).toBe(1);

    clock = NOON - 4000;
    const promoted = await promoteHistogram(deps, feature, "new-world", "the new market");
    expect(promoted.verdict).toMatchObject({ verdict: "stable", psi: 0 });
    expect(await drifted()).toBe(0);

    clock = NOON - 3000;
    const back = await activateVersion(deps, feature, first.reference.version);
    expect(back.verdict).toMatchObject({ verdict: "drifted" });
    expect(await drifted()).toBe(1);

    clock = NOON - 2000;
    const same = await put("age", { edges: EDGES, counts: AGE.reference }, pipeline_name);
    expect(same.reference.version).toBe(first.reference.version);
    const versions = await postgresReader(db.pool).listVersions({
      pipeline_name,
      feature_name: "age",
      after: null,
      limit: 20,
    });
    expect(versions.map(({ source, note, run_id, active }) => ({ source, note, run_id, active }))).toEqual([
      { source: "promoted", note: "the new market", run_id: "new-world", active: false },
      { source: "put", note: null, run_id: null, active: true },
    ]);

    await removeReference(deps, feature);
    expect(await postgresReader(db.pool).listReferences(pipeline_name)).toEqual([]);
    await expect(removeReference(deps, feature)).rejects.toMatchObject({ code: "not_found" });
    await expect(activateVersion(deps, feature, "0000")).rejects.toMatchObject({ code: "not_found" });
    await expect(promoteHistogram(deps, feature, "never-ran", null)).rejects.toMatchObject({ code: "not_found" });
  });

  it("answers, stores and exports a thousand features in one report", async () => {
    const names = Array.from({ length: 1000 }, (_, i) => `feature ${i}`);
    const reference = { counts: AGE.reference };
    const features = Object.fromEntries(names.map((name) => [name, { counts: AGE.current, reference }]));
    const answer = verdicts(await report(features, { run_id: "wide", pipeline_name: "wide" }));
    expect(Object.values(answer).filter(({ verdict }) => verdict === "stable")).toHaveLength(1000);
    const shown = [...(await agent.metrics()).keys()].filter((series) =>
      series.startsWith('feature_drift_score{pipeline_name="wide"'),
    );
    expect(shown).toHaveLength(1000);
  });

  it("restores the very gauges it showed", async () => {
    expect(await restored(agent.store)).toEqual(await agent.metrics());
  });
});
