import { redact } from "../../config.ts";
import type { Edge } from "../edge.ts";
import { loadForCommand } from "./load-for-command.ts";
import { explainStartError } from "./start-error.ts";

export async function migrate({ json = false }: { json?: boolean }, edge: Edge): Promise<number> {
  const loaded = loadForCommand(edge, { listens: false });
  if (loaded === null) return 2;
  const { config } = loaded;
  const database =
    config.database_url === null ? `the embedded database in ${config.data_dir}` : redact(config.database_url);
  const { migrateDatabase } = await import("../../app/app.ts");
  let applied: number[];
  try {
    applied = await migrateDatabase(config);
  } catch (error) {
    edge.err(`sluice: ${database} was not migrated: ${explainStartError(error, config)}`);
    return 1;
  }
  if (json) {
    edge.out(JSON.stringify({ database, applied }));
    return 0;
  }
  const done = applied.length === 0 ? "is up to date, nothing was done" : `now has migration ${applied.join(", ")}`;
  edge.out(`${database} ${done}`);
  return 0;
}
