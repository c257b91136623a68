import type { QueryResultRow } from "pg";
import type { ShownOf } from "../../../domain/commit/committed.ts";
import type { Tally } from "../../../domain/commit/tally.ts";
import type { ReportKind } from "../../../domain/reports/report.ts";
import type { NameTable } from "../commit/names.ts";
import type { Query } from "../connection/query.ts";

/** What a kind writes with. `now`: milliseconds. */
export interface Saving {
  query: Query;
  pipelines: NameTable;
  names: NameTable;
  now: number;
}

/** Reads of the pipelines that are restored together. */
export interface Restoring {
  /** The columns of `joins`, which begin at the pipeline `p`. */
  select<R extends QueryResultRow>(columns: string, joins: string): Promise<R[]>;
  /** `text` has the pipelines as SHOWN (history/restore.ts). */
  read<R extends QueryResultRow>(text: (pipelines: string) => string): Promise<R[]>;
}

/** The rows of a kind of report. */
export interface KindTable<K extends ReportKind> {
  /** Writes what the tally has of it, and answers what is shown now. Its statements begin before it waits for one of them. */
  save(saving: Saving, tally: Tally): Promise<ShownOf[K]>;
  restore(restoring: Restoring): Promise<ShownOf[K]>;
}
