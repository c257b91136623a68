import type { HistogramInput } from "../../../histogram/histogram-input.ts";
import type { Reading } from "./reading.ts";

/** A feature of a document: its histogram, or why there is none to be had. */
export type Found = {
  /** null: the document does not say. */
  readonly name: string | null;
  /** Where it stands in the document. */
  readonly path: string;
} & ({ readonly input: HistogramInput } | { readonly lacks: string });

export interface ReadOptions {
  /** Rows with a value, where the document tells only shares of them; null: not said. */
  readonly n: number | null;
  /** Where a histogram may be made coarser without error, make it so until it has no more bins than this. */
  readonly most_bins: number;
}

/** What one format's file exports: everything in the document that is a feature, wherever it stands. */
export type ReadFormat = (document: unknown, reading: Reading, options: ReadOptions) => Found[];

/** A column that holds nothing but nulls: one bin, that nothing is in. */
export function onlyNulls(nulls: number): HistogramInput {
  return { edges: [0, 1], counts: [0], nulls };
}
