import { ConfigError, type Environment, type LoadedConfig, type LoadOptions, loadConfig } from "../../src/config.ts";

/** Loads with these variables and files (by name in /work) and nothing else. */
export function load(env: Environment = {}, files: Record<string, string> = {}, options?: LoadOptions): LoadedConfig {
  return loadConfig(env, { directory: "/work", read: (path) => files[path.replace(/^\/work\//, "")] ?? null }, options);
}

/** What is wrong, a line each: `where: message`. */
export function errors(env: Environment = {}, files: Record<string, string> = {}): string[] {
  try {
    load(env, files);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ where, message }) => `${where}: ${message}`);
    throw error;
  }
  return [];
}
