export const DEFAULT_ALPHA = 0.01;
export const DEFAULT_THRESHOLD = 0.2;

export interface DriftSettings {
  /** Accepted chance of calling a stable feature drifted, in (0, 1). Default 0.01. */
  readonly alpha?: number | undefined;
  /** PSI above which a difference matters, above 0. Default 0.2. */
  readonly threshold?: number | undefined;
  /** Names that the reference does not hold are told by name. Default false: they can be personal data. */
  readonly show_values?: boolean | undefined;
}

/** The settings of one feature, defaults filled in. */
export interface JudgedBy {
  readonly alpha: number;
  readonly threshold: number;
  readonly show_values: boolean;
}
