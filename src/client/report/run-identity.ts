/** What every report of a run carries. */
export interface RunIdentity {
  pipeline_name: string;
  run_id: string;
  /** Left out where the caller said none: the agent tells attempts apart by their times then. */
  attempt?: number;
  traceparent?: string;
}
