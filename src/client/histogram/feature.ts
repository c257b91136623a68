import type { FeatureSummary } from "./feature-summary.ts";

/** A value of a feature as a pipeline has it. null, undefined and NaN are nulls; a bigint is a number, a Date one where its kind is days. */
export type FeatureValue = number | bigint | string | boolean | Date | null | undefined;

/** What a column is. categorical: its values are names, also where they are numbers. days: dates, as days since 1970-01-01. */
export const FEATURE_KINDS = ["categorical", "numeric", "days"] as const;
export type FeatureKind = (typeof FEATURE_KINDS)[number];

/** Values of one kind: numbers, or strings, or booleans, with nulls anywhere. */
export type FeatureValues = ArrayLike<FeatureValue>;

/** What run.drift takes of a feature: a list is taken for values. */
export type FeatureInput =
  | FeatureValues
  | { values: FeatureValues; nulls?: number; kind?: FeatureKind }
  | ({ counts: ArrayLike<number>; edges?: ArrayLike<number>; nulls?: number } & FeatureSummary)
  | { categories: Record<string, number>; folded?: number; nulls?: number };

/** Features by name. */
export type FeaturesGiven = Record<string, FeatureInput> | ReadonlyMap<string, FeatureInput>;

/** Counts on the bins between B + 1 rising edges, the outer two open, and what is known of the rows beside them. */
export interface EdgesHistogram extends FeatureSummary {
  edges: number[];
  counts: number[];
  nulls: number;
}

export interface CategoriesHistogram {
  categories: Record<string, number>;
  /** Rows whose names were too many to be counted apart. */
  folded?: number;
  nulls: number;
}

/** What leaves the pipeline of a feature. */
export type HistogramBody = EdgesHistogram | CategoriesHistogram;

/** The part of a stored reference that says how its bins lie, as GET /v1/references answers it. */
export type ReferenceBins =
  | { kind: "numeric"; edges: readonly number[]; min?: number; max?: number }
  | { kind: "positional" }
  | { kind: "categorical"; categories: Readonly<Record<string, number>> };

/** A histogram, or one line that says why there is none. */
export type BuiltHistogram = { ok: true; histogram: HistogramBody } | { ok: false; problem: string };
