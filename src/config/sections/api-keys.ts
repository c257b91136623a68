import type { Static } from "typebox";
import { type ApiKeySchema, ApiKeysSchema } from "../api-key-schema.ts";
import type { CheckedYaml } from "../checked-yaml.ts";
import type { Section } from "../section.ts";
import type { Sources } from "../sources.ts";
import type { ApiKey } from "../types.ts";
import type { Path } from "../yaml-text.ts";

export const KEYS_FILE_VARIABLE = "SLUICE_API_KEYS_FILE";

/** An entry with its place, file:line:column. */
interface PlacedKey {
  key: ApiKey;
  where: string;
}

/** The keys of sluice.yaml and those of the keys file together. A name and a hash must be there once. */
export const apiKeys: Section<ApiKey[]> = {
  schema: ApiKeysSchema,
  variables: [KEYS_FILE_VARIABLE],
  read: (sources, path) => readApiKeys(sources, path).map(({ key }) => key),
  write: (keys) => keys.map((key) => ({ ...key, hash: "<secret>" })),
};

export function readApiKeys(sources: Sources, path: Path): PlacedKey[] {
  const keys = [...entries(sources.file, path), ...entries(sources.open(KEYS_FILE_VARIABLE, ApiKeysSchema), [])];
  const names = new Map<string, string>();
  const hashes = new Map<string, string>();
  for (const { key, where } of keys) {
    const sameName = names.get(key.name);
    if (sameName !== undefined) {
      sources.problems.add(
        where,
        `a second key with the name ${JSON.stringify(key.name)}; the first is at ${sameName}`,
      );
    }
    const sameHash = hashes.get(key.hash);
    if (sameHash !== undefined) {
      sources.problems.add(
        where,
        `a second entry for the same key (the hash is the same); the first is at ${sameHash}`,
      );
    }
    names.set(key.name, where);
    hashes.set(key.hash, where);
  }
  return keys;
}

function entries(file: CheckedYaml | null, path: Path): PlacedKey[] {
  if (file === null) return [];
  return file.items<Static<typeof ApiKeySchema>>(path).map(({ item, path: at }) => ({
    key: { name: item.name, hash: item.hash, roles: item.roles, pipelines: item.pipelines ?? null },
    where: file.where(at),
  }));
}
