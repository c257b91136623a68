import { createHash, randomBytes } from "node:crypto";
import path from "node:path";
import { type ApiKeyConfig, checkApiKey, type Files, filesOnDisk, loadApiKeys } from "../../config.ts";
import { CommandError } from "../command-error.ts";
import type { Edge } from "../edge.ts";
import { appendKeyEntry, keyEntryText } from "./key-entry.ts";
import { replaceFile } from "./replace-file.ts";

export interface KeysCreateOptions {
  /** Required, as `role` is: their lack is told together with whatever else is wrong. */
  name?: string;
  role?: string[];
  /** Globs; absent: all. */
  pipelines?: string[];
  file?: string;
  json?: boolean;
}

/** The key itself is the first line of standard output, so that a script can take it; it is kept nowhere. */
export async function keysCreate(options: KeysCreateOptions, edge: Edge): Promise<number> {
  const { name, role, pipelines, file, json = false } = options;
  const { key, hash } = newApiKey();
  const entry = checkedEntry({ name, hash, roles: role && [...new Set(role)], pipelines: pipelines ?? null });

  if (file === undefined) refuseTakenName(entry, edge.env, filesOnDisk(edge.directory));
  else await addToFile(entry, file, edge);

  if (json) {
    edge.out(JSON.stringify({ key, entry, file: file ?? null }, null, 2));
    return 0;
  }
  edge.err(`The API key ${JSON.stringify(entry.name)} (${entry.roles.join(", ")}), shown only this once:`);
  edge.out(key);
  edge.err("Clients take it from SLUICE_API_KEY, or send it as: Authorization: Bearer <key>");
  if (file === undefined) {
    edge.err("Add this entry to api_keys in sluice.yaml, or to the file that SLUICE_API_KEYS_FILE names:");
    edge.out(keyEntryText(entry));
  } else {
    edge.err(
      `Its entry was added to ${file}. Start the agent with SLUICE_API_KEYS_FILE=${file}; a running one knows it after a restart.`,
    );
  }
  return 0;
}

function checkedEntry(entry: { [K in keyof ApiKeyConfig]: unknown }): ApiKeyConfig {
  const wrong = checkApiKey(entry).map(({ field, message }) => `  ${OPTIONS[field] ?? field}: ${message}`);
  if (wrong.length > 0) throw new CommandError(`no key was made:\n${wrong.join("\n")}`);
  return entry as ApiKeyConfig;
}

const OPTIONS: Readonly<Record<string, string>> = { name: "--name", roles: "--role", pipelines: "--pipelines" };

async function addToFile(entry: ApiKeyConfig, file: string, edge: Edge): Promise<void> {
  const target = path.resolve(edge.directory, file);
  const disk = filesOnDisk(edge.directory);
  await replaceFile(target, (text) => {
    // The agent will read this file beside sluice.yaml, so both are looked at; the file may not be there yet.
    const files: Files = { ...disk, read: (name) => (name === target ? text : disk.read(name)) };
    refuseTakenName(entry, { ...edge.env, SLUICE_API_KEYS_FILE: file }, files);
    return appendKeyEntry(text, entry);
  });
}

function refuseTakenName({ name }: ApiKeyConfig, env: Edge["env"], files: Files): void {
  const taken = loadApiKeys(env, files).find(({ key }) => key.name === name);
  if (taken === undefined) return;
  throw new CommandError(
    `no key was made: there is one with the name ${JSON.stringify(name)} at ${taken.where}; choose another name`,
  );
}

/** A key is 256 random bits, so a plain SHA-256 of it cannot be turned back by guessing. */
function newApiKey(): { key: string; hash: string } {
  const key = `sluice_${randomBytes(32).toString("base64url")}`;
  return { key, hash: createHash("sha256").update(key).digest("hex") };
}
