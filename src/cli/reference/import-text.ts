import { table } from "../text/table.ts";
import type { Imported } from "./imported.ts";

export function importText(features: readonly Imported[], dry_run: boolean): string {
  const rows = features.map(({ feature_name, kind, bins, rows, nulls, sampled, version, verdict }) => [
    feature_name,
    kind,
    `${bins}${sampled ? "*" : ""}`,
    String(rows),
    String(nulls),
    version?.slice(0, 12) ?? "-",
    verdict ?? "-",
  ]);
  const lines = [table([["FEATURE", "KIND", "BINS", "ROWS", "NULLS", "VERSION", "LATEST DATA"], ...rows], [2, 3, 4])];
  if (features.some(({ sampled }) => sampled)) {
    lines.push("* edges from a sample of 131072 values; every row is counted");
  }
  if (dry_run) lines.push("Nothing was sent (--dry-run).");
  return lines.join("\n");
}
