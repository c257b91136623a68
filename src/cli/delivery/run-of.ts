import type { Edge } from "../edge.ts";

/** Where `sluice exec` tells the command inside of it which run it is. */
export const RUN_VARIABLES = {
  pipeline_name: "SLUICE_PIPELINE_NAME",
  run_id: "SLUICE_RUN_ID",
  attempt: "SLUICE_ATTEMPT",
  try: "SLUICE_TRY",
} as const;

export interface RunFlags {
  runId?: string;
  attempt?: number;
  try?: number;
}

export interface RunFields {
  pipeline_name: string;
  run_id?: string;
  attempt?: number;
  try?: number;
  traceparent?: string;
}

const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Which run a report belongs to: the options, else the run that `sluice exec` has started around this command. */
export function runOf(pipeline_name: string, options: RunFlags, { env }: Edge): RunFields {
  const { runId } = options;
  const around = env[RUN_VARIABLES.pipeline_name] === pipeline_name;
  const run_id = runId ?? (around ? env[RUN_VARIABLES.run_id] : undefined);
  const numberAround = (name: string) => (around && runId === undefined && env[name] ? Number(env[name]) : undefined);
  const attempt = options.attempt ?? numberAround(RUN_VARIABLES.attempt);
  const nthTry = options.try ?? numberAround(RUN_VARIABLES.try);
  // https://opentelemetry.io/docs/specs/otel/context/env-carriers/
  const traceparent = env.TRACEPARENT;
  return {
    pipeline_name,
    ...(run_id === undefined ? {} : { run_id }),
    ...(attempt === undefined ? {} : { attempt }),
    ...(nthTry === undefined ? {} : { try: nthTry }),
    ...(traceparent !== undefined && TRACEPARENT.test(traceparent) ? { traceparent } : {}),
  };
}
