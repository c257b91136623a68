import { filesOnDisk, loadApiKeys } from "../../config.ts";
import type { Edge } from "../edge.ts";
import { table } from "../text/table.ts";

export function keysList({ json = false }: { json?: boolean }, edge: Edge): number {
  const keys = loadApiKeys(edge.env, filesOnDisk(edge.directory));
  if (json) {
    const items = keys.map(({ key: { name, roles, pipelines }, where }) => ({ name, roles, pipelines, where }));
    edge.out(JSON.stringify({ items }, null, 2));
    return 0;
  }
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
