import type { LostItemBody } from "../report/wire.ts";

/** Which run; without a run_id, the one that the pipeline's reports without an id make. */
export interface RunKey {
  pipeline_name: string;
  run_id?: string | undefined;
}

export interface LostOfRun {
  of: RunKey;
  items: LostItemBody[];
}

/** The same of a line, a report as JSON. */
export function lostOfLine(line: string, why: string): LostOfRun | null {
  try {
    return lostOfReport(JSON.parse(line), why);
  } catch {
    return null;
  }
}

/** What a gate misses when a report is dropped. Latency, freshness and run reports are no evidence of a run. */
export function lostOfReport(given: unknown, why: string): LostOfRun | null {
  const report = (given ?? {}) as Record<string, unknown>;
  const { kind, pipeline_name, run_id } = report;
  if (typeof kind !== "string" || typeof pipeline_name !== "string") return null;
  const items = itemsOf(kind, report).map((item) => ({ kind, item, why }));
  if (items.length === 0) return null;
  return { of: { pipeline_name, run_id: typeof run_id === "string" ? run_id : undefined }, items };
}

/** A stage, and its part where there is one. */
export function recordsItem(stage: unknown, part: unknown): string {
  const named = nameOr(stage);
  return typeof part === "string" && part !== "" && named !== "?" ? `${named}/${part.slice(0, 200)}` : named;
}

function itemsOf(kind: string, report: Record<string, unknown>): string[] {
  switch (kind) {
    case "records":
      return [recordsItem(report.stage, report.part)];
    case "quality":
      return Array.isArray(report.checks)
        ? report.checks.map((check) => nameOr((check as { check_name?: unknown } | null)?.check_name))
        : [nameOr(report.check_name)];
    case "drift":
      return Object.keys((report.features ?? {}) as object).map(nameOr);
    case "schema":
      return [nameOr(report.dataset ?? report.pipeline_name)];
    default:
      return [];
  }
}

/** `?`: a name that the agent could not read either. */
export function nameOr(name: unknown): string {
  return typeof name === "string" && /^[^\p{Cc}\p{Cs}]{1,200}$/u.test(name) ? name : "?";
}
