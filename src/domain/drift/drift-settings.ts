export const DEFAULT_ALPHA = 0.01;
export const DEFAULT_THRESHOLD = 0.2;

export interface DriftSettings {
  /** Accepted chance of calling a stable feature drifted, in (0, 1). Default 0.01. */
  readonly alpha?: number | undefined;
  /** PSI above which a difference matters, above 0. Default 0.2. */
  readonly threshold?: number | undefined;
}
