import { stringify } from "yaml";
import { ConfigError, describeConfig, filesOnDisk, loadConfig } from "../../config.ts";
import type { Edge } from "../edge.ts";
import { loadForCommand } from "./load-for-command.ts";

export function configCheck({ json = false }: { json?: boolean }, edge: Edge): number {
  if (json) return asJson(edge);
  const loaded = loadForCommand(edge);
  if (loaded === null) return 1;
  const from =
    loaded.file === null ? "the environment alone, there is no sluice.yaml here" : `${loaded.file} and the environment`;
  edge.out(`ok: this is what the agent would start with (from ${from})\n`);
  edge.out(stringify(describeConfig(loaded.config), { lineWidth: 0 }).trimEnd());
  return 0;
}

function asJson(edge: Edge): number {
  const say = (found: object) => edge.out(JSON.stringify(found, null, 2));
  try {
    const { config, file, warnings } = loadConfig(edge.env, filesOnDisk(edge.directory));
    say({ ok: true, file, problems: [], warnings, config: describeConfig(config) });
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    say({ ok: false, problems: error.problems, warnings: error.warnings });
    return 1;
  }
}
