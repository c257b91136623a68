import type { Edge } from "../edge.ts";

/** Where `sluice exec` tells the command inside of it which run it is. */
export const RUN_VARIABLES = {
  pipeline_name: "SLUICE_PIPELINE_NAME",
  run_id: "SLUICE_RUN_ID",
  attempt: "SLUICE_ATTEMPT",
} as const;

export interface RunOptions {
  runId?: string;
  attempt?: number;
}

export interface RunFields {
  pipeline_name: string;
  run_id?: string;
  attempt?: number;
  traceparent?: string;
}

const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Which run a report belongs to: the options, else the run that `sluice exec` has started around this command. */
export function runOf(pipeline_name: string, { runId, attempt }: RunOptions, { env }: Edge): RunFields {
  const around = env[RUN_VARIABLES.pipeline_name] === pipeline_name;
  const run_id = runId ?? (around ? env[RUN_VARIABLES.run_id] : undefined);
  const nth = attempt ?? (around && runId === undefined ? Number(env[RUN_VARIABLES.attempt] ?? 1) : undefined);
  // https://opentelemetry.io/docs/specs/otel/context/env-carriers/
  const traceparent = env.TRACEPARENT;
  return {
    pipeline_name,
    ...(run_id === undefined ? {} : { run_id }),
    ...(nth === undefined ? {} : { attempt: nth }),
    ...(traceparent !== undefined && TRACEPARENT.test(traceparent) ? { traceparent } : {}),
  };
}
