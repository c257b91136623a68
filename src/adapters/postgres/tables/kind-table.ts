import type { ShownOf } from "../../../domain/commit/committed.ts";
import type { Tally } from "../../../domain/commit/tally.ts";
import type { ReportKind } from "../../../domain/reports/report.ts";
import type { NameTable } from "../commit/names.ts";
import type { Query } from "../connection/query.ts";
import type { AskedGates } from "../gate/evidence/asked-gates.ts";
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

/** The rows of a kind of report. */
export interface KindTable<K extends ReportKind> {
  /** Writes what the tally has of it, and answers what is shown now. Its statements begin before it waits for one of them. */
  save(saving: Saving, tally: Tally): Promise<ShownOf[K]>;
  restore(read: ReadShown): Promise<ShownOf[K]>;
  /**
   * Adds what these gates see of it to their evidence. Its statements begin before it waits for one of them, but for those that are
   * rarely needed and ask on by what was found.
   */
  addEvidence(gates: AskedGates): Promise<void>;
}
