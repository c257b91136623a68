import type { NameKind } from "../../domain/commit/kinds/kind.ts";
import { kindOf } from "../../domain/commit/kinds.ts";
import type { Report } from "../../domain/reports/report.ts";

/** A pipeline and the names that a report brings for it. */
export interface Named {
  pipeline_name: string;
  kind: NameKind | null;
  names: readonly string[];
}

export function namedBy(report: Report): Named {
  const kind = kindOf(report);
  return { pipeline_name: report.pipeline_name, kind: kind.named, names: kind.names(report) };
}
