import { randomBytes } from "node:crypto";
import { redact } from "../../config/format/redact.ts";
import { CommandError } from "../command-error.ts";
import { type Connection, type ConnectionOptions, connectionOf } from "../connection/connection.ts";
import { flushDeadline } from "../delivery/flush-deadline.ts";
import { type Delivery, openDelivery } from "../delivery/open-delivery.ts";
import { RUN_VARIABLES, type RunFlags, runOf } from "../delivery/run-of.ts";
import { deliveredText } from "../delivery/send-reports.ts";
import type { Edge } from "../edge.ts";
import { gateAfter } from "./gate-after.ts";
import { type Ended, runCommand } from "./run-command.ts";

export interface ExecOptions extends ConnectionOptions, RunFlags {
  dataIntervalStart?: string;
  dataIntervalEnd?: string;
  logicalDate?: string;
  resumes?: boolean;
  willRetry?: boolean;
  /** false: standard error is not looked at. */
  captureStderr: boolean;
  /** Milliseconds that the end of the command may be held up. */
  flushDeadline?: number;
  gateAfter?: boolean;
  wait?: number;
  onUnreachable?: "block" | "allow";
}

interface RunEnd {
  status: "success" | "failed" | "cancelled";
  error?: string;
  will_retry?: boolean;
}

/** Runs a command as a run of the pipeline. Its result is its own, whatever becomes of the reports. */
export async function exec(
  pipeline: string,
  command: readonly string[],
  options: ExecOptions,
  edge: Edge,
): Promise<number> {
  const connection = connectionOrNone(options, edge);
  const delivery = connection && openOrNone(connection, options, edge);
  // Evidence has tries; a run has attempts.
  const { try: nthTry, ...of } = runOf(pipeline, options, edge);
  const run = { run_id: newRunId(edge.now()), ...of };
  const about = aboutOf(options);
  const started_at = edge.now();
  const at = (ms: number) => new Date(ms).toISOString();
  delivery?.put({
    kind: "run",
    ...run,
    ...about,
    status: "started",
    at: at(started_at),
    started_at: at(started_at),
  });

  const begun = performance.now();
  const ended = await runCommand(command, {
    env: {
      ...edge.env,
      [RUN_VARIABLES.pipeline_name]: pipeline,
      [RUN_VARIABLES.run_id]: run.run_id,
      [RUN_VARIABLES.attempt]: run.attempt?.toString(),
      [RUN_VARIABLES.try]: nthTry?.toString(),
    },
    directory: edge.directory,
    watch_stderr: options.captureStderr,
  });
  const duration_seconds = Math.round(performance.now() - begun) / 1000;

  if (ended.not_started !== null) edge.err(`sluice: ${ended.not_started}`);
  const end = endOf(ended, options.willRetry ?? false);
  const finished_at = at(edge.now());
  delivery?.put({
    kind: "run",
    ...run,
    ...about,
    ...end,
    at: finished_at,
    started_at: at(started_at),
    finished_at,
    duration_seconds,
  });
  if (delivery !== null) await handOver(delivery, options.gateAfter === true, edge);
  if (!options.gateAfter || ended.exit_code !== 0) return ended.exit_code;
  return gateAfter(connection, { pipeline_name: pipeline, run_id: run.run_id }, options, edge);
}

/** The command runs without it as well. */
function connectionOrNone(options: ConnectionOptions, edge: Edge): Connection | null {
  try {
    return connectionOf(options, edge);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    edge.err(`warning: ${error.message}; the command runs, nothing is reported`);
    return null;
  }
}

function openOrNone(connection: Connection, options: ExecOptions, edge: Edge): Delivery | null {
  try {
    return openDelivery(connection, flushDeadline(options.flushDeadline, edge), edge);
  } catch (error) {
    edge.err(`warning: ${redact((error as Error).message)}; the command runs, nothing is reported`);
    return null;
  }
}

async function handOver(delivery: Delivery, drained: boolean, edge: Edge): Promise<void> {
  try {
    // What was reported inside may wait as well, and the gate must not decide without it.
    if (drained) await delivery.drain();
    const delivered = await delivery.close();
    if (delivered.outcome !== "delivered") edge.err(redact(deliveredText(delivered, "the report of this run")));
  } catch (error) {
    edge.err(`warning: ${redact(String(error))}; this run may not have been reported`);
  }
}

/** Sorts by time, and two that start together do not meet. */
function newRunId(now: number): string {
  const time = new Date(now).toISOString().replace(/[-:]|\.\d+/g, "");
  return `exec-${time}-${randomBytes(4).toString("hex")}`;
}

function aboutOf({ dataIntervalStart, dataIntervalEnd, logicalDate, resumes }: ExecOptions) {
  return {
    ...(resumes ? { resumes } : {}),
    ...(logicalDate === undefined ? {} : { logical_date: logicalDate }),
    ...(dataIntervalStart === undefined ? {} : { data_interval_start: dataIntervalStart }),
    ...(dataIntervalEnd === undefined ? {} : { data_interval_end: dataIntervalEnd }),
  };
}

/** Ctrl-C is somebody's wish; every other signal, a SIGTERM as well, has left the work undone. */
function endOf({ exit_code, signal, not_started, last_lines }: Ended, will_retry: boolean): RunEnd {
  if (exit_code === 0) return { status: "success" };
  const how = not_started ?? (signal === null ? `exit status ${exit_code}` : `ended by ${signal}`);
  const error = redact(last_lines === "" ? how : `${how}\n${last_lines}`);
  if (signal === "SIGINT") return { status: "cancelled", error };
  return { status: "failed", error, ...(will_retry ? { will_retry } : {}) };
}
