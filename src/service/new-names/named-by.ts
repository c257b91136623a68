import type { Report } from "../../domain/reports/report.ts";
import type { NameKind } from "./names-of-pipeline.ts";

/** A pipeline and what is named of it. */
export interface Named {
  pipeline_name: string;
  kind: NameKind | null;
  names: readonly string[];
}

export function namedBy(report: Report): Named {
  const { pipeline_name } = report;
  switch (report.kind) {
    case "run":
      return { pipeline_name, kind: null, names: [] };
    case "records":
      return { pipeline_name, kind: "stage", names: [report.stage] };
    case "quality":
      return { pipeline_name, kind: "check", names: report.checks.map(({ check_name }) => check_name) };
    case "latency":
      return { pipeline_name, kind: "operation", names: [report.operation] };
    case "freshness":
      return { pipeline_name, kind: "dataset", names: [report.dataset] };
    case "drift":
      return { pipeline_name, kind: "feature", names: report.features.map(({ feature_name }) => feature_name) };
  }
}
