import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { gateEvidence } from "../../src/adapters/postgres/read/gates.ts";
import type { GateAlert } from "../../src/domain/gate/gate-alert.ts";
import type { GatePolicies } from "../../src/domain/gate/policy/policy.ts";
import type { GateState } from "../../src/domain/gate/transition.ts";
import { decideAgain } from "../../src/service/gate/decide/decide-again.ts";
import { decideRow } from "../../src/service/gate/decide/decide-row.ts";
import { addOverride, type OperateDeps } from "../../src/service/gate/operate-gates.ts";
import { takeAlerts } from "../../src/service/gate/take-alerts.ts";
import { NOON, type Sent, TestAcceptor } from "../support/acceptor.ts";
import { debianDatabase, type TestDatabase } from "../support/database.ts";
import { gateDeps } from "../support/gates.ts";

const HOUR = 3_600_000;
const SECOND = 1000;
const POLICIES: GatePolicies = {
  defaults: { max_age: 6 * HOUR, max_duration: 5 * HOUR, requires: { checks: ["a"] } },
  entries: [],
};

type Step =
  | { report: Omit<Sent, "pipeline_name" | "id"> }
  | { alert: Omit<GateAlert, "pipeline_name" | "alertname" | "summary"> }
  | { override: { decision: "pass" | "block"; run_id: string | null; expires_at: number } }
  | { passes: number };

const run_id = fc.constantFrom("r1", "r2", "r3");
/** Said or not: where it is not, own times cut the attempts. */
const attempt = fc.option(fc.integer({ min: 1, max: 2 }), { nil: undefined, freq: 2 });
const tried = fc.option(fc.integer({ min: 1, max: 2 }), { nil: undefined, freq: 2 });
/** Distinct moments within the quarter of an hour before noon. */
const at = fc.integer({ min: 1, max: 900 }).map((seconds) => (NOON - seconds * SECOND) / SECOND);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record({ status: fc.constantFrom("started", "success", "failed", "skipped", "cancelled"), run_id, attempt, at })
      .chain((body) =>
        fc.tuple(fc.boolean(), fc.boolean()).map(([retried, resumes]) => {
          const will_retry = body.status === "failed" && retried ? { will_retry: true } : {};
          return { report: { kind: "run" as const, ...body, ...will_retry, resumes } };
        }),
      ),
  },
  {
    weight: 4,
    arbitrary: fc
      .record({
        check_name: fc.constantFrom("a", "b"),
        score: fc.constantFrom(0.1, 0.85, 1),
        threshold: fc.constantFrom(0.8, 0.9),
        severity: fc.constantFrom("error", "warn"),
        run_id,
        attempt,
        try: tried,
        at,
      })
      .map((body) => ({ report: { kind: "quality" as const, ...body } })),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({
        stage: fc.constantFrom("load", "transform"),
        count: fc.constantFrom(0, 95, 100),
        run_id,
        attempt,
        try: tried,
        at,
      })
      .map((body) => ({ report: { kind: "records" as const, ...body } })),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({
        fingerprint: fc.constantFrom("f1", "f2"),
        gate: fc.constantFrom("block", "warn"),
        starts_at: fc.constantFrom(NOON - HOUR, NOON - 2 * HOUR),
        resolved: fc.boolean(),
      })
      .map((alert) => ({ alert })),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({
        decision: fc.constantFrom("pass", "block"),
        run_id: fc.option(run_id),
        expires_at: fc.constantFrom(NOON + 3 * HOUR, NOON + 12 * HOUR),
      })
      .map((override) => ({ override })),
  },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 60 }).map((seconds) => ({ passes: seconds * SECOND })) },
);

/** One agent on a database of its own, with a clock that only these tests move. */
class Side {
  now = NOON;
  readonly #db: TestDatabase;
  readonly #acceptor: TestAcceptor;
  readonly #deps: OperateDeps;

  constructor(db: TestDatabase) {
    this.#db = db;
    const clock = { now: () => this.now };
    this.#acceptor = new TestAcceptor(db.pool, { clock, gates: gateDeps(POLICIES) });
    const { store, recorder } = this.#acceptor;
    this.#deps = { ...gateDeps(POLICIES), store, afterCommit: recorder, clock, newId: randomUUID };
  }

  async take(pipeline_name: string, step: Step, id: string): Promise<void> {
    if ("passes" in step) this.now += step.passes;
    else if ("report" in step) {
      const [outcome] = await this.#acceptor.send({
        ...step.report,
        kind: step.report.kind as Sent["kind"],
        id: `${pipeline_name} ${id}`,
        pipeline_name,
      });
      expect(outcome).toMatchObject({ accepted: true });
    } else if ("alert" in step) {
      const alert = { ...step.alert, pipeline_name, alertname: "A", summary: null };
      await takeAlerts({ ...this.#deps, repeat_interval: () => 4 * HOUR }, [alert]);
    } else {
      const { store } = this.#deps;
      await store.prepare({ pipeline_names: [pipeline_name], names: [], times: [] });
      await addOverride(this.#deps, pipeline_name, { ...step.override, reason: "r", actor: "a" }, null);
    }
  }

  /** What the gate says at that time, decided anew as the sweep does. */
  async decided(pipeline_name: string, now: number): Promise<object> {
    this.now = now;
    await decideAgain(this.#deps, [pipeline_name], "time");
    const { rows } = await this.#db.pool.query<Said>(
      `SELECT decision, allowed, reasons, gate.run_id, override ->> 'decision' AS override, evidence_at
         FROM gate JOIN pipeline USING (pipeline_id) WHERE pipeline_name = $1`,
      [pipeline_name],
    );
    return said(rows[0]!);
  }

  /** The same from the tables of evidence alone. */
  async replayed(pipeline_name: string, now: number): Promise<object> {
    const { policy } = gateDeps(POLICIES).policies.of(pipeline_name);
    const row = await gateEvidence(this.#db.pool, {
      pipeline_name,
      now,
      any_run: false,
      going_on: true,
      attach: policy,
    });
    const decided = decideRow(row!, policy, { now, while_running: false });
    return said({ ...decided, override: decided.override?.decision ?? null });
  }
}

type Said = Pick<GateState, "decision" | "allowed" | "reasons" | "run_id" | "evidence_at"> & {
  override: string | null;
};

function said({ decision, allowed, reasons, run_id, override, evidence_at }: Said): object {
  // How long a block lasts is told in words; which of two equal ones is told of does not matter.
  const codes = reasons.map(({ code, severity, subject, observed, threshold }) => ({
    code,
    severity,
    subject,
    observed,
    threshold,
  }));
  return { decision, allowed, reasons: codes, run_id, override, evidence_at };
}

let ordered: TestDatabase;
let disordered: TestDatabase;
beforeAll(async () => {
  [ordered, disordered] = await Promise.all([debianDatabase(), debianDatabase()]);
});
afterAll(() => Promise.all([ordered.dispose(), disordered.dispose()]));

test("reports, alerts, overrides and passing time end in the same decision in any order and number, and in what the tables say", async () => {
  let pipelines = 0;
  const first: Step = {
    report: { kind: "quality", run_id: "r1", check_name: "a", score: 1, at: (NOON - 899 * SECOND) / SECOND },
  };
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 3, maxLength: 14 }).chain((steps) => {
        const numbered = steps.map((one, i) => ({ one, id: `s${i}` }));
        // Some are sent again; overrides are made once: their maker gets an answer.
        const again = fc.subarray(numbered.filter(({ one }) => !("override" in one || "passes" in one)));
        return again.chain((twice) => {
          const all = [...numbered, ...twice];
          return fc.record({
            numbered: fc.constant(numbered),
            shuffled: fc.shuffledSubarray(all, { minLength: all.length }),
          });
        });
      }),
      async ({ numbered, shuffled }) => {
        const pipeline_name = `p${pipelines++}`;
        const [a, b] = [new Side(ordered), new Side(disordered)];
        for (const side of [a, b]) await side.take(pipeline_name, first, "first");
        for (const { one, id } of numbered) await a.take(pipeline_name, one, id);
        for (const { one, id } of shuffled) await b.take(pipeline_name, one, id);
        // Before anything is over; when some overrides are; when alerts and evidence are too.
        for (const now of [NOON + HOUR, NOON + 4 * HOUR, NOON + 11 * HOUR]) {
          const decided = await a.decided(pipeline_name, now);
          expect(await b.decided(pipeline_name, now)).toEqual(decided);
          expect(await a.replayed(pipeline_name, now)).toEqual(decided);
        }
      },
    ),
    { numRuns: 40, endOnFailure: true },
  );
});
