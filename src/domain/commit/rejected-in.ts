import { type RejectedItem, shortWhy, UNREADABLE } from "../reports/rejection.ts";
import type { Report } from "../reports/report.ts";
import { KINDS } from "./kinds.ts";

/** Kinds that a client may report as lost; any other becomes UNREADABLE, which bounds their number. */
const MAY_BE_LOST = new Set([...Object.keys(KINDS), "measures"]);

/** The rejected items of an accepted report: its bad parts, and the evidence that its client had to drop. */
export function rejectedIn(report: Report): RejectedItem[] {
  if (report.kind === "run") {
    return report.lost.map(({ kind, item, why }) => ({
      kind: MAY_BE_LOST.has(kind) ? kind : UNREADABLE,
      item,
      code: "lost",
      why: shortWhy(why),
    }));
  }
  if (!("rejected" in report)) return [];
  return (report.rejected ?? []).map(({ item, code, detail }) => ({
    kind: report.kind,
    item,
    code,
    why: shortWhy(detail),
  }));
}
