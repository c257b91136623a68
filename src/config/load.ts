import path from "node:path";
import { CheckedYaml } from "./checked-yaml.ts";
import { deepFreeze } from "./deep-freeze.ts";
import type { Files } from "./files.ts";
import { ConfigError, Problems } from "./problems.ts";
import { readNamedFile } from "./read-named-file.ts";
import { checkReach, checkRules } from "./rules.ts";
import { FILE_SCHEMA } from "./schema.ts";
import { readApiKeys } from "./sections/api-keys.ts";
import { SECTIONS } from "./sections.ts";
import { Sources } from "./sources.ts";
import type { ApiKey, Config } from "./types.ts";
import { unknownVariables } from "./unknown-variables.ts";
import type { Environment } from "./variable.ts";

const FILE_VARIABLE = "SLUICE_CONFIG";
const DEFAULT_FILE = "sluice.yaml";
/** Read by clients, which may run in the same environment. */
const CLIENT_VARIABLES = [
  "SLUICE_URL",
  "SLUICE_API_KEY",
  "SLUICE_SPOOL_DIR",
  "SLUICE_FLUSH_DEADLINE",
  "SLUICE_PIPELINE_NAME",
  "SLUICE_RUN_ID",
  "SLUICE_ATTEMPT",
];

export interface LoadedConfig {
  config: Config;
  /** A sentence each. */
  warnings: string[];
  /** The name of the YAML file that was read. */
  file: string | null;
}

export interface LoadOptions {
  /** false: the caller does not listen, so that the address needs no key. */
  listens?: boolean;
}

/** Throws a ConfigError that tells everything that is wrong. */
export function loadConfig(env: Environment, files: Files, { listens = true }: LoadOptions = {}): LoadedConfig {
  const { sources, file } = openSources(env, files);
  const sections = Object.entries(SECTIONS);
  const config = Object.fromEntries(
    sections.map(([key, section]) => [key, section.read(sources, [key])]),
  ) as never as Config;
  const { problems } = sources;
  if (problems.found.length === 0) checkRules(config, sources);
  if (problems.found.length === 0 && listens) checkReach(config, sources);
  const known = [FILE_VARIABLE, ...sections.flatMap(([, { variables }]) => variables), ...CLIENT_VARIABLES];
  const warnings = unknownVariables(env, known);
  if (problems.found.length > 0) throw new ConfigError(problems.found, warnings);
  return { config: deepFreeze(config), warnings, file };
}

/** The configured keys alone, each with file:line:column; other variables may be wrong. Throws a ConfigError. */
export function loadApiKeys(env: Environment, files: Files): { key: ApiKey; where: string }[] {
  const { sources } = openSources(env, files);
  const keys = readApiKeys(sources, ["api_keys"]);
  if (sources.problems.found.length > 0) throw new ConfigError(sources.problems.found);
  return keys;
}

/** The name of the YAML file, whether it is there or not. */
export function configFileOf(env: Environment): string {
  return env[FILE_VARIABLE] ?? DEFAULT_FILE;
}

function openSources(env: Environment, files: Files): { sources: Sources; file: string | null } {
  const problems = new Problems();
  const named = env[FILE_VARIABLE];
  const name = configFileOf(env);
  const text = readNamedFile(files, FILE_VARIABLE, name, problems, { optional: named === undefined });
  if (text === null) return { sources: new Sources(env, files, null, problems), file: null };
  const directory = path.dirname(path.resolve(files.directory, name));
  const yaml = new CheckedYaml(name, directory, text, FILE_SCHEMA, problems);
  return { sources: new Sources(env, files, yaml, problems), file: name };
}
