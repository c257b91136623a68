/** What every report of a run carries. */
export interface RunIdentity {
  pipeline_name: string;
  run_id: string;
  attempt: number;
  traceparent?: string;
}
