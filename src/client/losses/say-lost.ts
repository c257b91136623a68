import type { LostItemBody } from "../report/wire.ts";
import { listed } from "./listed.ts";
import type { Losses } from "./losses.ts";
import type { RunKey } from "./lost-of-line.ts";

const TERMINAL = new Set<unknown>(["success", "failed", "skipped", "cancelled"]);

/** A report as it goes out: with what was lost of its run, where it is the run's end. The report given is not changed. */
export function withLost<R extends object>(report: R, losses: Losses): R {
  const { kind, status, lost, pipeline_name, run_id } = report as Partial<RunKey> & {
    kind?: unknown;
    status?: unknown;
    lost?: unknown;
  };
  if (losses.isEmpty || kind !== "run" || !TERMINAL.has(status) || typeof pipeline_name !== "string") return report;
  const taken = losses.take({ pipeline_name, run_id });
  if (taken === undefined) return report;
  return { ...report, lost: listed([...(Array.isArray(lost) ? (lost as LostItemBody[]) : []), ...taken]) };
}

/** The same for a line that waits: what was dropped since it was written is said by it too. */
export function lineWithLost(line: string, losses: Losses): string {
  if (losses.isEmpty || !line.includes('"kind":"run"')) return line;
  try {
    const report = JSON.parse(line) as object;
    const said = withLost(report, losses);
    return said === report ? line : JSON.stringify(said);
  } catch {
    return line;
  }
}

/** Takes back what a line would have said, where it was not sent. */
export function takeBackLost(line: string, losses: Losses): void {
  const { pipeline_name, run_id, lost } = JSON.parse(line) as RunKey & { lost?: LostItemBody[] };
  for (const item of lost ?? []) losses.note({ pipeline_name, run_id }, item);
}
