import type { Random } from "./random.ts";

/** A report as it goes into a batch, and the marks by which its rows are found again in the store. */
export interface ChaosReport {
  body: Record<string, unknown> & { kind: string; id: string };
  /** One for each row the report must leave, unique over the whole run. */
  marks: string[];
}

const PIPELINES = 12;
const RUNS = 40;
const STATUSES = ["started", "success", "failed", "skipped", "cancelled"] as const;
const OPERATIONS = ["vector_search", "embed", "fetch"];

/** Of the reports where runs go on. */
const GOING_SHARE = 0.7;

/** Serial numbers fit below this: they go into scores, as fractions with so many digits. */
const MOST = 1e7;

/**
 * Makes reports of every kind with ids and explicit times, each different from all others in a value that the store keeps: a
 * serial number in the score, the count, the latency, the watermark or the run_id.
 */
export class ReportMaker {
  readonly #random: Random;
  readonly #start: number;
  #serial = 0;
  /** Reports that come before all others. */
  readonly #first: ChaosReport[];
  readonly #runsGoOn: boolean;

  /**
   * `start`: milliseconds; the reports are true in the hours before. `runs_go_on`: each pipeline has a run that has started and
   * does not end, behind one that has ended, and most reports are counts of these.
   */
  constructor(random: Random, start: number, runs_go_on = false) {
    this.#random = random;
    this.#start = start;
    this.#runsGoOn = runs_go_on;
    this.#first = runs_go_on ? Array.from({ length: PIPELINES }, (_, i) => this.#beginning(i + 1)).flat() : [];
  }

  next(): ChaosReport {
    const random = this.#random;
    const first = this.#first.shift();
    if (first !== undefined) return first;
    if (this.#runsGoOn && random.next() < GOING_SHARE) return this.#counted();
    const kind = random.pick([
      "quality",
      "quality",
      "checks",
      "records",
      "latency",
      "freshness",
      "run",
      "run",
    ] as const);
    const serial = this.#nextSerial();
    const common = {
      id: `chaos-${serial}`,
      pipeline_name: `chaos_${random.whole(1, PIPELINES)}`,
      at: (this.#start - random.whole(0, 5 * 3_600_000)) / 1000,
    };
    const evidence = { ...common, run_id: `run-${random.whole(1, RUNS)}` };
    switch (kind) {
      case "quality":
        return this.#quality(evidence, serial);
      case "checks":
        return this.#checks(evidence, serial);
      case "records":
        return this.#records(evidence, serial);
      case "latency":
        return {
          body: { kind, ...common, operation: random.pick(OPERATIONS), seconds: serial / 1e6 },
          marks: [`latency ${serial * 1000}`],
        };
      case "freshness": {
        const through = Math.floor(this.#start / 1000) - MOST + serial;
        return { body: { kind, ...common, data_through: through }, marks: [`freshness ${through}`] };
      }
      case "run":
        return this.#run(common, serial);
    }
  }

  #beginning(pipeline: number): ChaosReport[] {
    const one = (run_id: string, status: string, at: number): ChaosReport => ({
      body: {
        kind: "run",
        id: `${run_id}-${status}`,
        pipeline_name: `chaos_${pipeline}`,
        run_id,
        status,
        at: at / 1000,
      },
      marks: [`run ${run_id} ${status}`],
    });
    const begun = this.#start - 6 * 3_600_000;
    return [one(`going-${pipeline}`, "started", begun), one(`ended-${pipeline}`, "success", this.#start)];
  }

  #counted(): ChaosReport {
    const serial = this.#nextSerial();
    const pipeline = this.#random.whole(1, PIPELINES);
    const common = {
      id: `chaos-${serial}`,
      pipeline_name: `chaos_${pipeline}`,
      run_id: `going-${pipeline}`,
      at: (this.#start - this.#random.whole(0, 5 * 3_600_000)) / 1000,
    };
    return this.#records(common, serial);
  }

  #quality(common: { id: string }, serial: number): ChaosReport {
    const check_name = `check_${this.#random.whole(1, 4)}`;
    const score = serial / MOST;
    return { body: { kind: "quality", ...common, check_name, score, threshold: 0.0001 }, marks: [`quality ${serial}`] };
  }

  #checks(common: { id: string }, serial: number): ChaosReport {
    const serials = [serial, this.#nextSerial(), this.#nextSerial()];
    const checks = serials.map((s, i) => ({ check_name: `check_${i + 1}`, score: s / MOST, threshold: 0.0002 }));
    return { body: { kind: "quality", ...common, checks }, marks: serials.map((s) => `quality ${s}`) };
  }

  #records(common: { id: string }, serial: number): ChaosReport {
    const random = this.#random;
    const stage = random.pick(["extract", "transform", "load"]);
    const details = {
      stage,
      count: serial,
      failed: random.whole(0, 3),
      attempt: random.whole(1, 2),
      part: random.pick(["a", "b"]),
    };
    return { body: { kind: "records", ...common, ...details }, marks: [`records ${serial}`] };
  }

  /** Each (run, attempt, status) once, so that its outcome row is one report's. */
  #run(common: { id: string; pipeline_name: string }, serial: number): ChaosReport {
    const status = this.#random.pick(STATUSES);
    const run_id = `once-${serial}`;
    const body = { kind: "run", ...common, run_id, status };
    const duration = status === "started" ? {} : { duration_seconds: this.#random.whole(0, 4000) };
    return { body: { ...body, ...duration }, marks: [`run ${run_id} ${status}`] };
  }

  #nextSerial(): number {
    this.#serial++;
    if (this.#serial >= MOST) throw new Error("out of serial numbers");
    return this.#serial;
  }
}

/** The marks of all rows in the store; one that is there twice is named twice. */
export const STORED_MARKS = `
  SELECT 'quality ' || round(score * 10000000)::bigint AS mark FROM quality_result WHERE score IS NOT NULL
   UNION ALL SELECT 'records ' || count FROM records_report
   UNION ALL SELECT 'latency ' || sum_nanoseconds FROM latency_report
   UNION ALL SELECT 'freshness ' || extract(epoch FROM data_through)::bigint FROM freshness_report
   UNION ALL SELECT 'run ' || run_id || ' ' || (m ->> 'status') FROM run, jsonb_array_elements(marks) m`;
