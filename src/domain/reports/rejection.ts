import { cleanText } from "../words/text.ts";
import type { Report } from "./report.ts";

/** What cannot be told of a report that cannot be read. */
export const UNREADABLE = "?";

/** Evidence that came and could not be used, or that a client could not deliver. */
export interface RejectedItem {
  /** The kind of its report; UNREADABLE where that is not known. */
  kind: string;
  /** See itemsOf; UNREADABLE: the report does not say what it is about in a way that can be read. */
  item: string;
  code: string;
  why: string;
}

/** Items of one report that are to be remembered with the run that it names. */
export interface Rejection {
  pipeline_name: string;
  /** null: the run that was open at `at`. */
  run_id: string | null;
  /** The number that was said; null: none, so that `at` tells. */
  attempt: number | null;
  /** When it was true, milliseconds; never later than it came. */
  at: number;
  items: RejectedItem[];
  /** Hashes of its id and its content: a resend with one of them changes nothing. */
  seen: string[];
}

const LONGEST_WHY = 500;

/** Short enough to be a reason among many, and clean: it quotes names that were refused, which may be no text a store takes. */
export function shortWhy(text: string): string {
  const clean = cleanText(text);
  return clean.length > LONGEST_WHY ? `${clean.slice(0, LONGEST_WHY).replace(/[\ud800-\udbff]$/, "")}…` : clean;
}

/** Latency and freshness are the pipeline's: no run stands or falls with a refused one. */
export function isOfRun(kind: string): boolean {
  return kind !== "latency" && kind !== "freshness";
}

export function stageItem(stage: string, part: string): string {
  return part === "" ? stage : `${stage}/${part}`;
}

/** What a report is about: a status, a stage with its part, checks, features. */
export function itemsOf(report: Report): string[] {
  switch (report.kind) {
    case "run":
      return [report.status === "retrying" ? "failed" : report.status];
    case "records":
      return [stageItem(report.stage, report.part)];
    case "quality":
      return report.checks.map(({ check_name }) => check_name);
    case "drift":
      return report.features.map(({ feature_name }) => feature_name);
    case "latency":
    case "freshness":
      return [];
  }
}

/** Kinds that a client may name as lost; any other is UNREADABLE, so that there are only so many. */
const KINDS = new Set(["run", "records", "quality", "latency", "freshness", "drift", "schema", "measures"]);

/** What of an accepted report is evidence that could not be used: its bad parts, and what its client had to drop. */
export function rejectedIn(report: Report): RejectedItem[] {
  if (report.kind === "run") {
    return report.lost.map(({ kind, item, why }) => ({
      kind: KINDS.has(kind) ? kind : UNREADABLE,
      item,
      code: "lost",
      why: shortWhy(why),
    }));
  }
  if (report.kind !== "quality" && report.kind !== "drift") return [];
  return (report.rejected ?? []).map(({ item, code, detail }) => ({
    kind: report.kind,
    item,
    code,
    why: shortWhy(detail),
  }));
}
