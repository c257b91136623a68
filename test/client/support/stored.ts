import type { TestAgent } from "../../support/agent.ts";

export interface StoredRun {
  status: string;
  attempt: number;
  error: string | null;
  started_at: string | null;
  duration_seconds: number | null;
  data_interval_end: string | null;
  traceparent: string | null;
  attempts: { attempt: number; status: string; error: string | null }[];
  stages: { stage: string; count: number; failed: number | null; expected_min: number | null }[];
  checks: { check_name: string; score: number | null; error: string | null; severity: string; threshold: number }[];
}

/** A run as the agent has it, or undefined. */
export async function storedRun(
  agent: TestAgent,
  pipeline_name: string,
  run_id: string,
): Promise<StoredRun | undefined> {
  const path = `/v1/runs/${encodeURIComponent(pipeline_name)}/${encodeURIComponent(run_id)}`;
  const { status, body } = await agent.get(path);
  return status === 200 ? (body as StoredRun) : undefined;
}

/** What the reports of a stage add up to: a report that arrived twice would show. */
export async function storedCount(
  agent: TestAgent,
  pipeline_name: string,
  run_id: string,
  stage = "load",
): Promise<number> {
  const run = await storedRun(agent, pipeline_name, run_id);
  return run?.stages.find((one) => one.stage === stage)?.count ?? 0;
}
