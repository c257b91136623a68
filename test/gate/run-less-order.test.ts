import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { gateEvidence } from "../../src/adapters/postgres/read/gates.ts";
import { DEFAULT_DRIFT } from "../../src/domain/drift/drift.ts";
import { DEFAULT_POLICY, type GatePolicies } from "../../src/domain/gate/policy/policy.ts";
import { decideRow } from "../../src/service/gate/decide/decide-row.ts";
import { NOON, restored, type Sent, TestAcceptor } from "../support/acceptor.ts";
import { debianDatabase, type TestDatabase } from "../support/database.ts";
import { gateDeps } from "../support/gates.ts";

const HOUR = 3_600_000;
const POLICIES: GatePolicies = { defaults: { attach_window: 2 * HOUR, max_duration: 5 * HOUR }, entries: [] };

let db: TestDatabase;
beforeAll(async () => {
  db = await debianDatabase();
});
afterAll(() => db.dispose());

type Event = Omit<Sent, "pipeline_name">;

/** Unix seconds, so many minutes before noon. */
const before = (minutes: number) => NOON / 1000 - minutes * 60;
const run = (run_id: string, status: string, minutes: number): Event => ({
  kind: "run",
  run_id,
  status,
  at: before(minutes),
});
const loose = (score: number, minutes: number): Event => ({
  kind: "quality",
  check_name: "a",
  score,
  at: before(minutes),
});
const rows = (run_id: string, minutes: number): Event => ({
  kind: "records",
  run_id,
  stage: "load",
  count: 1,
  at: before(minutes),
});

const columns = (name: string, minutes: number, run_id?: string): Event => ({
  kind: "schema",
  ...(run_id === undefined ? {} : { run_id }),
  columns: [{ name, type: "int64" }],
  complete: true,
  at: before(minutes),
});

/** Somebody has declared that the pipeline has one column, `id`. */
async function declareId({ store }: TestAcceptor, pipeline_name: string): Promise<void> {
  await store.prepare({ pipeline_names: [pipeline_name], names: [pipeline_name], times: [] });
  await db.pool.query(
    `INSERT INTO schema_baseline (pipeline_id, dataset_id, source, version, shape, complete, columns, run_order, actor, set_at)
     SELECT pipeline_id, name_id, 'declared', 'v', 's', true, '[{"name": "id", "type": "int64", "nullable": null}]',
            to_timestamp(0), 'anna', to_timestamp(0)
       FROM pipeline JOIN name ON name = pipeline_name WHERE pipeline_name = $1`,
    [pipeline_name],
  );
}

interface Kept {
  gate: object;
  /** What each run's gate says. */
  runs: object;
}

let pipelines = 0;

/** Sends them one by one, and says what was stored of the gate, and what the tables say of every run. */
async function after(events: readonly Event[]): Promise<Kept> {
  const pipeline_name = `p${++pipelines}`;
  const acceptor = new TestAcceptor(db.pool, { gates: gateDeps(POLICIES), driftSettings: () => DEFAULT_DRIFT });
  await declareId(acceptor, pipeline_name);
  for (const event of events) {
    const [outcome] = await acceptor.send({ ...event, pipeline_name, id: randomUUID() } as Sent);
    expect(outcome).toMatchObject({ accepted: true });
  }
  const { policy } = gateDeps(POLICIES).policies.of(pipeline_name);
  const said = async (which: object) => {
    const row = await gateEvidence(db.pool, {
      pipeline_name,
      now: NOON,
      any_run: false,
      going_on: true,
      attach: policy,
      ...which,
    });
    const { decision, run_id, reasons } = decideRow(row!, policy, { now: NOON, while_running: false });
    return { decision, run_id, reasons: reasons.map(({ code, subject, observed }) => ({ code, subject, observed })) };
  };
  const { rows: stored } = await db.pool.query(
    `SELECT decision, gate.run_id, reasons FROM gate JOIN pipeline USING (pipeline_id) WHERE pipeline_name = $1`,
    [pipeline_name],
  );
  const [gate] = stored as {
    decision: string;
    run_id: string;
    reasons: { code: string; subject: string; observed: number }[];
  }[];
  const kept = {
    decision: gate!.decision,
    run_id: gate!.run_id,
    reasons: gate!.reasons.map(({ code, subject, observed }) => ({ code, subject, observed })),
  };
  // What is stored is what the tables say.
  expect(kept).toEqual(await said({}));
  const shown = await acceptor.metrics();
  const all = await restored(acceptor.store);
  const gauges = (series: Map<string, number>) =>
    [...series].filter(([name]) => name.includes(`"${pipeline_name}"`) && name.startsWith("data_quality"));
  expect(gauges(shown)).toEqual(gauges(all));
  const names = [...new Set(events.flatMap(({ run_id }) => (run_id === undefined ? [] : [String(run_id)])))].sort();
  const runs = Object.fromEntries(await Promise.all(names.map(async (run_id) => [run_id, await said({ run_id })])));
  return { gate: kept, runs };
}

test("a failure between two runs and its cure in the second end alike in every order, with what each run's gate says", async () => {
  const events = [
    run("r1", "started", 300),
    run("r1", "success", 240),
    loose(0.1, 200),
    run("r2", "started", 180),
    run("r2", "success", 120),
    loose(1, 100),
  ];
  const expected = await after(events);
  expect(expected).toMatchObject({
    gate: { run_id: "r2", decision: "unknown" },
    runs: { r1: { decision: "block" }, r2: { decision: "unknown" } },
  });
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(events, { minLength: events.length }), async (order) => {
      expect(await after(order)).toEqual(expected);
    }),
    { numRuns: 30 },
  );
});

const minutes = fc.integer({ min: 1, max: 600 });
const event: fc.Arbitrary<Event> = fc.oneof(
  fc
    .tuple(fc.constantFrom("r1", "r2", "r3"), fc.constantFrom("started", "success", "failed"), minutes)
    .map((args) => run(...args)),
  fc.tuple(fc.constantFrom("r1", "r2"), minutes).map((args) => rows(...args)),
  fc.tuple(fc.constantFrom(0.1, 0.85, 1), minutes).map((args) => loose(...args)),
  fc.tuple(fc.constantFrom("id", "ids", "x"), minutes).map((args) => columns(...args)),
  fc.tuple(fc.constantFrom("id", "x"), minutes, fc.constantFrom("r1", "r2")).map((args) => columns(...args)),
);

test("whatever was reported, in whatever order, the stored decision is what the tables say, and all orders say the same", async () => {
  const first = run("r1", "success", 599);
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(event, { minLength: 3, maxLength: 9, selector: ({ at }) => at }).chain((events) => {
        const all = [first, ...events];
        return fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }));
      }),
      async ([one, other]) => {
        expect(await after(other)).toEqual(await after(one));
      },
    ),
    { numRuns: 30 },
  );
});

test("the default window is six hours", () => {
  expect(DEFAULT_POLICY.attach_window).toBe(6 * HOUR);
});
