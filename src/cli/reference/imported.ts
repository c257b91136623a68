/** One feature as it was stored, or would be. */
export interface Imported {
  feature_name: string;
  kind: string;
  bins: number;
  rows: number;
  nulls: number;
  sampled: boolean;
  /** null: nothing was sent. */
  version: string | null;
  /** What the latest histogram is, judged against it. */
  verdict: string | null;
}
