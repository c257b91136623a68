import type { ReportBody } from "../../client/report/wire.ts";
import { type RunFlags, runOf } from "../delivery/run-of.ts";
import { type SendOptions, sendReports } from "../delivery/send-reports.ts";
import type { Edge } from "../edge.ts";

export interface ReportOptions extends SendOptions, RunFlags {
  /** RFC 3339. */
  at?: string;
  id?: string;
}

type Common = "pipeline_name" | "run_id" | "attempt" | "try" | "id" | "at" | "traceparent";
/** What one kind of report says, without whose it is. */
export type Content = ReportBody extends infer R ? (R extends ReportBody ? Omit<R, Common> : never) : never;

/** Sends one report of a pipeline. */
export async function report(pipeline: string, content: Content, options: ReportOptions, edge: Edge): Promise<number> {
  const { at = new Date(edge.now()).toISOString(), id } = options;
  const whose = { ...runOf(pipeline, options, edge), at, ...(id === undefined ? {} : { id }) };
  return sendReports([{ ...content, ...whose } as ReportBody], options, edge);
}
