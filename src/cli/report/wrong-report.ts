import type { ReportBody } from "../../client/report/wire.ts";
import { UsageError } from "../command-error.ts";
import { connectionOf } from "../connection/connection.ts";
import { flushDeadline } from "../delivery/flush-deadline.ts";
import { openDelivery } from "../delivery/open-delivery.ts";
import { runOf } from "../delivery/run-of.ts";
import type { Edge } from "../edge.ts";
import type { ReportOptions } from "./report.ts";

/** A value that was read, or why it could not be. */
export type Read<T> = T | UsageError;

/** Reads without throwing, for what is reported as wrong before the command ends. */
export function orWrong<T>(read: (text: string) => T): (text: string) => Read<T> {
  return (text) => {
    try {
      return read(text);
    } catch (error) {
      if (error instanceof UsageError) return error;
      throw error;
    }
  };
}

/** The first of them that could not be read. */
export function firstWrong(...values: readonly unknown[]): UsageError | null {
  return values.find((value) => value instanceof UsageError) ?? null;
}

/**
 * Evidence with a value that means nothing. A script may go on after the exit code, so that a gate hears of it: as a check that
 * could not be computed, or as it was given, for the agent to refuse.
 */
export async function reportWrong(
  pipeline: string,
  fields: Readonly<Record<string, unknown>>,
  options: ReportOptions,
  edge: Edge,
): Promise<void> {
  try {
    const delivery = openDelivery(connectionOf(options, edge), flushDeadline(options.flushDeadline, edge), edge);
    const at = options.at ?? new Date(edge.now()).toISOString();
    delivery.put({ ...fields, ...runOf(pipeline, options, edge), at } as unknown as ReportBody);
    await delivery.close();
  } catch {
    // The command line is what is wrong, and that is said.
  }
}
