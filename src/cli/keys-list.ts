import { filesOnDisk, loadApiKeys } from "../config.ts";
import type { Edge } from "./edge.ts";

export function keysList(edge: Edge): number {
  const keys = loadApiKeys(edge.env, filesOnDisk(edge.directory));
  if (keys.length === 0) {
    edge.err('No API key is configured; "sluice keys create" makes one.');
    return 0;
  }
  const rows = keys.map(({ key, where }) => [
    key.name,
    key.roles.join(", "),
    key.pipelines === null ? "all" : key.pipelines.join(", "),
    where,
  ]);
  edge.out(table([["NAME", "ROLES", "PIPELINES", "FROM"], ...rows]));
  return 0;
}

function table(rows: string[][]): string {
  const widths = rows[0]!.map((_cell, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
