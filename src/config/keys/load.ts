import path from "node:path";
import { ConfigError, ConfigProblems } from "../format/problems.ts";
import type { Files } from "../format/sources/files.ts";
import { type FileText, lostText } from "../format/sources/lost-text.ts";
import { readNamedFile } from "../format/sources/read-named-file.ts";
import { Sources } from "../format/sources/sources.ts";
import { unknownVariables } from "../format/sources/unknown-variables.ts";
import type { Environment } from "../format/sources/variable.ts";
import { CheckedYaml } from "../format/yaml/checked-yaml.ts";
import { YamlText } from "../format/yaml/yaml-text.ts";
import { readApiKeys } from "./access/api-keys.ts";
import { checkReach, checkRules } from "./rules.ts";
import { FILE_SCHEMA } from "./schema.ts";
import { SECTIONS } from "./sections.ts";
import type { ApiKeyConfig, Config } from "./types.ts";

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
  "SLUICE_TRY",
];

export interface LoadedConfig {
  config: Config;
  /** A sentence each. */
  warnings: string[];
  /** The name of the YAML file that was read. */
  file: string | null;
  /** What was read of it. */
  read: FileText | null;
}

export interface LoadOptions {
  /** false: the caller does not listen, so that the address needs no key. */
  listens?: boolean;
  /** What holds until now: a file that was there and is not, or lost its text, is wrong then, and not the defaults. */
  before?: FileText | null;
}

/** Throws a ConfigError that tells everything that is wrong. */
export function loadConfig(
  env: Environment,
  files: Files,
  { listens = true, before = null }: LoadOptions = {},
): LoadedConfig {
  const { sources, read } = openSources(env, files, before);
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
  return { config: deepFreeze(config), warnings, file: read?.file ?? null, read };
}

/** Reads it again and again, each time against what was read last and was right. Each call throws a ConfigError as loadConfig does. */
export function reloading(env: Environment, files: Files, first: LoadedConfig): () => Config {
  let before = first.read;
  return () => {
    const { config, read } = loadConfig(env, files, { before });
    before = read ?? before;
    return config;
  };
}

/** The configured keys alone, each with file:line:column; other variables may be wrong. Throws a ConfigError. */
export function loadApiKeys(env: Environment, files: Files): { key: ApiKeyConfig; where: string }[] {
  const { sources } = openSources(env, files);
  const keys = readApiKeys(sources, ["api_keys"], { mayBeEmpty: true });
  if (sources.problems.found.length > 0) throw new ConfigError(sources.problems.found);
  return keys;
}

/** The name of the YAML file, whether it is there or not. */
export function configFileOf(env: Environment): string {
  return env[FILE_VARIABLE] ?? DEFAULT_FILE;
}

function openSources(
  env: Environment,
  files: Files,
  before: FileText | null = null,
): { sources: Sources; read: FileText | null } {
  const problems = new ConfigProblems();
  const named = env[FILE_VARIABLE];
  const file = configFileOf(env);
  const text = readNamedFile(files, FILE_VARIABLE, file, problems, { optional: named === undefined });
  if (text === null && problems.found.length === 0 && before !== null) {
    problems.add(file, "the file is gone; put it back, or start the agent anew where there is to be none");
  }
  if (text === null) return { sources: new Sources(env, files, null, problems), read: null };
  const lost = lostText(text, before);
  if (lost !== null) problems.add(file, lost);
  const directory = path.dirname(path.resolve(files.directory, file));
  const yaml = new CheckedYaml(file, directory, text, FILE_SCHEMA, problems);
  if (before !== null && yaml.says_nothing && lost === null && !saysNothing(before.text)) {
    problems.add(file, "the file sets nothing and did before; write {} into it where nothing is to be set");
  }
  return { sources: new Sources(env, files, yaml, problems), read: { file, text } };
}

function saysNothing(text: string): boolean {
  return new YamlText("", text, new ConfigProblems()).value === null;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) deepFreeze(member);
  }
  return value;
}
