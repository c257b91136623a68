import type pg from "pg";
import { expect } from "vitest";
import { DEFAULT_DRIFT } from "../../src/domain/drift/drift.ts";
import { referenceHistogram } from "../../src/domain/drift/histograms/reference-histogram.ts";
import type { VerdictAnswer } from "../../src/ports.ts";
import type { Outcome } from "../../src/service/commit/submission.ts";
import { putReference, type ReferenceDeps } from "../../src/service/drift/change-reference.ts";
import { closeWindows } from "../../src/service/drift/close-windows.ts";
import { restored, type Sent, TestAcceptor } from "./acceptor.ts";
import { gateDeps } from "./gates.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const EDGES = [0, 20, 40, 60, 80, 100];
export const REFERENCE = { edges: EDGES, counts: [1000, 2000, 3000, 2500, 1500] };
export const CALM = [100, 200, 300, 250, 150];
export const SHIFTED = [400, 300, 150, 100, 50];

/** The window that most reports fall into. */
export const OVER = { start: "2026-11-20T10:00:00Z", end: "2026-11-20T11:00:00Z" };
export const START = Date.parse(OVER.start);
export const END = Date.parse(OVER.end);
export const CLOSES = END + 5 * MINUTE;

/** Windows of an hour for every feature but those named batch. */
const driftSettings = (_pipeline: string, feature_name: string) =>
  feature_name.startsWith("batch") ? DEFAULT_DRIFT : { ...DEFAULT_DRIFT, window: HOUR };

/** A pipeline of micro-batches, and a clock to be set. */
export class Stream {
  readonly agent: TestAcceptor;
  now = 0;
  pipeline_name = "";
  readonly #pool: pg.Pool;
  #begun = 0;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
    this.agent = this.newAgent();
  }

  /** Another pipeline, in the middle of the window. */
  begin(): void {
    this.now = START + 30 * MINUTE;
    this.pipeline_name = `stream ${++this.#begun}`;
  }

  get pipeline() {
    return { pipeline_name: this.pipeline_name };
  }

  newAgent(): TestAcceptor {
    return new TestAcceptor(this.#pool, { clock: { now: () => this.now }, driftSettings });
  }

  deps({ store, recorder }: TestAcceptor = this.agent): ReferenceDeps {
    return { store, afterCommit: recorder, clock: { now: () => this.now }, driftSettings, ...gateDeps() };
  }

  sweep(agent?: TestAcceptor): Promise<void> {
    return closeWindows(this.deps(agent));
  }

  put(feature_name: string, input: object, pipeline_name = this.pipeline_name) {
    const histogram = referenceHistogram(input);
    if (!histogram.ok) throw new Error(JSON.stringify(histogram.errors));
    return putReference(this.deps(), { pipeline_name, feature_name }, histogram.value, null);
  }

  /** A report at this minute of the window. */
  batch(minute: number, features: object, more: object = {}): Sent {
    return { kind: "drift", ...this.pipeline, run_id: "r1", at: START / 1000 + minute * 60, features, ...more };
  }

  async report(...parameters: Parameters<Stream["batch"]>): Promise<Record<string, VerdictAnswer>> {
    return answersOf((await this.agent.send(this.batch(...parameters)))[0]!);
  }

  results(pipeline_name = this.pipeline_name): Promise<Result[]> {
    return verdictsOf(this.#pool, pipeline_name);
  }

  windows(pipeline_name = this.pipeline_name): Promise<Window[]> {
    return windowsOf(this.#pool, pipeline_name);
  }

  /** The gauge of the feature `age`. */
  async drifted(): Promise<number | undefined> {
    return (await this.agent.metrics()).get(
      `feature_drifted{pipeline_name="${this.pipeline_name}",feature_name="age"}`,
    );
  }

  /** What the agent shows of the pipeline is what one shows that was started now. */
  async expectRestored(): Promise<void> {
    const own = (all: Map<string, number>) => [...all].filter(([series]) => series.includes(`"${this.pipeline_name}"`));
    expect(own(await restored(this.agent.store))).toEqual(own(await this.agent.metrics()));
  }
}

export function answersOf(outcome: Outcome): Record<string, VerdictAnswer> {
  if (!outcome.accepted) throw outcome.error;
  return (outcome.answer as { features: Record<string, VerdictAnswer> }).features;
}

interface Result {
  feature_name: string;
  run_id: string;
  verdict: string;
  psi: number | null;
  p_value: number | null;
  n_current: number;
  at: number;
  recorded_at: number;
  version: string;
  /** Of the SLA event beside it; null: there is none. */
  passed: boolean | null;
}

/** The stored verdicts, the oldest first. */
async function verdictsOf(pool: pg.Pool, pipeline_name: string): Promise<Result[]> {
  const { rows } = await pool.query<Result>(
    `SELECT n.name AS feature_name, r.run_id, d.verdict, d.psi, d.p_value, d.n_current, d.at, d.recorded_at, f.version,
            (SELECT bool_and(passed) FROM sla_event s
              WHERE s.pipeline_id = d.pipeline_id AND s.subject_id = d.feature_id AND s.at = d.at
                AND s.value = d.psi AND s.kind = 'drift') AS passed
       FROM drift_result d JOIN pipeline p USING (pipeline_id) JOIN name n ON n.name_id = d.feature_id
       LEFT JOIN run r USING (run_key) LEFT JOIN feature_reference f USING (reference_id)
      WHERE p.pipeline_name = $1 ORDER BY d.at, d.n_current, n.name`,
    [pipeline_name],
  );
  return rows;
}

interface Window {
  feature_name: string;
  start: number;
  end: number;
  counts: number[];
  rebin_rows: number | null;
  closed: boolean;
  run_id: string | null;
}

async function windowsOf(pool: pg.Pool, pipeline_name: string): Promise<Window[]> {
  const { rows } = await pool.query<Window>(
    `SELECT n.name AS feature_name, w.window_start AS start, w.window_end AS end, w.counts, w.rebin_rows, w.closed, r.run_id
       FROM drift_window w JOIN pipeline p USING (pipeline_id) JOIN name n ON n.name_id = w.feature_id LEFT JOIN run r USING (run_key)
      WHERE p.pipeline_name = $1 ORDER BY w.window_start, n.name`,
    [pipeline_name],
  );
  return rows;
}
