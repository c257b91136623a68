import { ConfigError, filesOnDisk, type LoadedConfig, type LoadOptions, loadConfig } from "../../config.ts";
import type { Edge } from "../edge.ts";

/** The configuration; null after its errors were printed. Warnings are printed either way. */
export function loadForCommand(edge: Edge, options?: LoadOptions): LoadedConfig | null {
  const warn = (warnings: readonly string[]) => {
    for (const warning of warnings) edge.err(`warning: ${warning}`);
  };
  try {
    const loaded = loadConfig(edge.env, filesOnDisk(edge.directory), options);
    warn(loaded.warnings);
    return loaded;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    warn(error.warnings);
    edge.err(error.message);
    return null;
  }
}
