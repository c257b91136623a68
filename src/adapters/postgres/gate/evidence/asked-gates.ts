import type { AttachRules } from "../../../../domain/gate/evidence/attach.ts";
import type { Evidence } from "../../../../domain/gate/evidence/evidence.ts";
import type { Override } from "../../../../domain/gate/transition.ts";
import type { Query } from "../../connection/query.ts";
import { numbers } from "../../connection/values/array-literals.ts";
import type { Columns, RowOf } from "../../statement/columns.ts";
import type { Statement } from "../../statement/statement.ts";
import type { ChosenRow } from "./chosen-run.ts";

/** What is asked of a pipeline beside its run. */
export interface AskedBeside {
  /** The runs that are going on. */
  going_on: boolean;
  /** Which evidence without a run_id counts for the run. */
  attach: AttachRules;
}

/** A gate that is asked about, with what was found of it. */
export interface AskedGate extends AskedBeside {
  chosen: ChosenRow;
  evidence: Evidence;
  overrides: Override[];
}

/** Gates that are asked about together, each pipeline once: what is found is added to that of its run or its pipeline. */
export class AskedGates {
  readonly ask: Query;
  readonly all: readonly AskedGate[];
  /** The runs were named: freshness is theirs, not the latest of their pipelines. */
  readonly runs_alone: boolean;
  readonly #byRun = new Map<number, AskedGate>();
  readonly #byPipeline = new Map<number, AskedGate>();

  constructor(ask: Query, all: readonly AskedGate[], runs_alone: boolean) {
    this.ask = ask;
    this.all = all;
    this.runs_alone = runs_alone;
    for (const gate of all) {
      this.#byPipeline.set(gate.chosen.pipeline_id, gate);
      if (gate.chosen.run_key !== null) this.#byRun.set(gate.chosen.run_key, gate);
    }
  }

  ofRun(run_key: number): AskedGate {
    return this.#byRun.get(run_key)!;
  }

  ofPipeline(pipeline_id: number): AskedGate {
    return this.#byPipeline.get(pipeline_id)!;
  }

  /**
   * Asks about the runs of the gates that `of` takes (absent: all): $1 are their keys, $2, where `from` is named, the attempts from
   * which they speak. Nothing is asked where there is no run.
   */
  async askRuns<C extends Columns>(
    statement: Statement<C>,
    { of, from }: { of?: (gate: AskedGate) => boolean | null; from?: "evidence_from" | "records_from" },
  ): Promise<RowOf<C>[]> {
    const runs: ChosenRow[] = [];
    for (const gate of this.all) {
      if (gate.chosen.run_key !== null && (of === undefined || of(gate))) runs.push(gate.chosen);
    }
    if (runs.length === 0) return [];
    const keys = numbers(runs.map(({ run_key }) => run_key));
    return this.ask(statement, from === undefined ? [keys] : [keys, numbers(runs.map((run) => run[from]))]);
  }

  /** Asks about the pipelines of the gates that `of` takes: $1 are their ids. Nothing is asked where it takes none. */
  async askPipelines<C extends Columns>(
    statement: Statement<C>,
    of: (gate: AskedGate) => boolean | null,
    ...values: unknown[]
  ): Promise<RowOf<C>[]> {
    const ids: number[] = [];
    for (const gate of this.all) if (of(gate)) ids.push(gate.chosen.pipeline_id);
    return ids.length === 0 ? [] : this.ask(statement, [numbers(ids), ...values]);
  }
}
