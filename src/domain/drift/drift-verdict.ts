import type { DriftBin, DriftMeasures } from "./drift-measures.ts";

export type DriftWord = "drifted" | "stable" | "inconclusive" | "no_data";

/** psi, p_value and critical_psi are null when the verdict is no_data, and only then. */
export interface DriftVerdict {
  readonly verdict: DriftWord;
  readonly psi: number | null;
  readonly threshold: number;
  readonly p_value: number | null;
  readonly critical_psi: number | null;
  /** Rows of the reference, nulls included. */
  readonly n_reference: number;
  /** Current rows, nulls included. */
  readonly n_current: number;
  readonly measures: DriftMeasures;
  /** The bins with a row on either side, which are those that psi sums over. */
  readonly bins: readonly DriftBin[];
  /** Where current counts had edges of their own: the share of rows that may lie on the other side of an edge. */
  readonly rebin_error?: number;
  /** Of a reference with the new rule; absent: it was judged by the rule before. */
  readonly tested?: TestedBy;
}

/** What the new rule says beside the numbers. */
export interface TestedBy {
  /** The tests that decided, for `drifted`: `psi`, `nulls`, `outside`, `value 0`, `class DE`, `novelty`, … */
  readonly decided_by: readonly string[];
  /** Why a feature whose PSI or share is past its limit has not drifted; null: none is. */
  readonly held_back_by: HeldBackBy | null;
  /** The deciding tests with their shares, in words; null: none. */
  readonly detail: string | null;
  /** Names with a bin of their own that the reference does not have, with their current rows. */
  readonly new_names: Readonly<Record<string, number>>;
}

/** `rebin_error`: only where the rows of cut bins are spread evenly the PSI is past its threshold. */
export type HeldBackBy = "chance" | "rebin_error";
