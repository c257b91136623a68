import type { RunSummary } from "../../domain/runs/run.ts";
import { formatTime } from "../../domain/words/time.ts";
import type { RunAnswer } from "../../ports.ts";

export function runAnswer(summary: RunSummary): RunAnswer {
  const { pipeline_name, run_id, status, attempt, started_at, finished_at, duration_seconds } = summary;
  return {
    pipeline_name,
    run_id,
    status,
    attempt,
    started_at: started_at === null ? null : formatTime(started_at),
    finished_at: finished_at === null ? null : formatTime(finished_at),
    duration_seconds,
  };
}
