import type { ShownOf } from "../../../domain/commit/committed.ts";
import type { Tally } from "../../../domain/commit/tally.ts";
import type { Evidence } from "../../../domain/gate/evidence/evidence.ts";
import type { ReportKind } from "../../../domain/reports/report.ts";
import type { NameTable } from "../commit/names.ts";
import type { Query } from "../connection/query.ts";
import type { AskedGate } from "../gate/evidence/chosen-run.ts";
import type { Columns, RowOf } from "../statement/columns.ts";
import type { Statement } from "../statement/statement.ts";

/** What a kind writes with. `now`: milliseconds. */
export interface Saving {
  query: Query;
  pipelines: NameTable;
  names: NameTable;
  now: number;
}

/** Reads a statement about the pipelines that are restored together, as shown-pipelines.ts makes them. */
export type ReadShown = <C extends Columns>(statement: Statement<C>) => Promise<RowOf<C>[]>;

/** What a gate sees of each kind of report. */
export interface EvidenceOf {
  records: Pick<Evidence, "stages">;
  quality: Pick<Evidence, "checks">;
  drift: Pick<Evidence, "features" | "referenced_features" | "usual_features">;
  latency: Pick<Evidence, "latencies">;
  freshness: Pick<Evidence, "freshness">;
  run: Pick<Evidence, "going_on">;
}

/** The rows of a kind of report. */
export interface KindTable<K extends ReportKind> {
  /** Writes what the tally has of it, and answers what is shown now. Its statements begin before it waits for one of them. */
  save(saving: Saving, tally: Tally): Promise<ShownOf[K]>;
  restore(read: ReadShown): Promise<ShownOf[K]>;
  /**
   * What these gates see of it, one answer for each, in their order. Its statements begin before it waits for one of them, but for
   * those that are rarely needed and ask on by what was found.
   */
  evidence(query: Query, gates: readonly AskedGate[]): Promise<EvidenceOf[K][]>;
}
