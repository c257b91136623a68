import { stringify } from "yaml";
import { describeConfig } from "../config.ts";
import type { Edge } from "./edge.ts";
import { loadForCommand } from "./load-for-command.ts";

export function configCheck(edge: Edge): number {
  const loaded = loadForCommand(edge);
  if (loaded === null) return 1;
  const from =
    loaded.file === null ? "the environment alone, there is no sluice.yaml here" : `${loaded.file} and the environment`;
  edge.out(`ok: this is what the agent would start with (from ${from})\n`);
  edge.out(stringify(describeConfig(loaded.config), { lineWidth: 0 }).trimEnd());
  return 0;
}
