import type { ReportBody } from "../../client/report/wire.ts";
import { type ConnectionOptions, connectionOf } from "../connection/connection.ts";
import type { Edge } from "../edge.ts";
import { flushDeadline } from "./flush-deadline.ts";
import { type Delivered, openDelivery } from "./open-delivery.ts";

export interface SendOptions extends ConnectionOptions {
  json?: boolean;
  /** What is only kept for later is a failure as well. */
  mustDeliver?: boolean;
  /** Milliseconds. */
  flushDeadline?: number;
}

/**
 * Sends, and says what became of it. Kept for later is 0: a pipeline under `set -e` is not stopped because its monitor
 * is away, and nothing is lost. Refused is 1: the report is wrong, and stays so. What of it could not be used is 0: the gate decides.
 */
export async function sendReports(reports: readonly ReportBody[], options: SendOptions, edge: Edge): Promise<number> {
  const delivery = openDelivery(connectionOf(options, edge), flushDeadline(options.flushDeadline, edge), edge);
  for (const report of reports) delivery.put(report);
  const delivered = await delivery.close();
  if (options.json) edge.out(JSON.stringify({ ...delivered, reports }, null, 2));
  else if (delivered.outcome === "delivered") edge.out(`delivered: ${reports.map(reportText).join("; ")}`);
  if (delivered.outcome !== "delivered") edge.err(deliveredText(delivered, "the report"));
  for (const line of delivered.unusable) edge.err(`sluice: ${line}`);
  return EXIT[delivered.outcome] || (options.mustDeliver && delivered.outcome === "spooled" ? EXIT.lost : 0);
}

const EXIT = { delivered: 0, spooled: 0, refused: 1, lost: 40 } as const;

/** What happened, in one line. */
export function deliveredText({ outcome, detail, spool }: Delivered, what: string): string {
  const why = detail === null ? "" : ` (${detail})`;
  switch (outcome) {
    case "delivered":
      return `${what} was delivered`;
    case "spooled":
      return `sluice: ${what} was not delivered, it is kept in ${spool} and sent with the next report${why}`;
    case "refused":
      return `sluice: the agent refused ${what}: ${detail}`;
    case "lost":
      return `sluice: ${what} is lost${why}`;
  }
}

function reportText(report: ReportBody): string {
  const of = `of ${report.pipeline_name}${report.run_id === undefined ? "" : ` (run ${report.run_id})`}`;
  switch (report.kind) {
    case "run":
      return `run ${report.status} ${of}`;
    case "records":
      return `${report.count} records at ${report.stage} ${of}`;
    case "quality":
      return `check ${report.check_name} ${report.score === null ? "not computed" : `at ${report.score}`} ${of}`;
    case "latency":
      return `${Array.isArray(report.seconds) ? `${report.seconds.length} latencies` : "a latency"} ${of}`;
    case "freshness":
      return `data through ${report.data_through} ${of}`;
    case "schema":
      return `${report.columns.length} columns ${of}`;
    case "drift":
      return `${Object.keys(report.features).length} features ${of}`;
  }
}
