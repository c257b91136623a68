import type { Static } from "typebox";
import type { Section } from "../../format/section.ts";
import type { Sources } from "../../format/sources/sources.ts";
import { type CheckedYaml, dotted } from "../../format/yaml/checked-yaml.ts";
import type { Path } from "../../format/yaml/yaml-text.ts";
import type { ApiKeyConfig } from "../types.ts";
import { type ApiKeySchema, ApiKeysSchema } from "./api-key-schema.ts";

export const KEYS_FILE_VARIABLE = "SLUICE_API_KEYS_FILE";

/** An entry with its place, file:line:column. */
interface PlacedKey {
  key: ApiKeyConfig;
  where: string;
}

/** The keys of sluice.yaml and those of the keys file together. A name and a hash must be there once. */
export const apiKeys: Section<ApiKeyConfig[]> = {
  schema: ApiKeysSchema,
  variables: [KEYS_FILE_VARIABLE],
  read: (sources, path) => readApiKeys(sources, path).map(({ key }) => key),
  write: (keys) => keys.map((key) => ({ ...key, hash: "<secret>" })),
};

/** `mayBeEmpty`: whether a keys file without a key is right, as it is before the first one is put into it. */
export function readApiKeys(sources: Sources, path: Path, { mayBeEmpty = false } = {}): PlacedKey[] {
  const before = sources.problems.found.length;
  const file = sources.open(KEYS_FILE_VARIABLE, ApiKeysSchema);
  const inFile = entries(file, [], sources);
  const keys = [...entries(sources.file, path, sources), ...inFile];
  if (file !== null && inFile.length === 0 && !mayBeEmpty && sources.problems.found.length === before) {
    // Without any key the agent asks nobody who they are.
    sources.problems.add(
      KEYS_FILE_VARIABLE,
      'the file holds no API key; make one with "sluice keys create", or do not set the variable where no key is to be asked for',
    );
  }
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

function entries(file: CheckedYaml | null, path: Path, { problems }: Sources): PlacedKey[] {
  if (file === null) return [];
  return file.items<Static<typeof ApiKeySchema>>(path).map(({ item, path: at }) => {
    const place = [...at, "pipelines"];
    if (file.isBlank(place)) {
      const message = "nothing given; must be a list of pipeline names or globs, or the word null (all pipelines)";
      problems.add(file.where(place), `${dotted(place)}: ${message}`);
    }
    return {
      key: { name: item.name, hash: item.hash, roles: item.roles, pipelines: item.pipelines ?? null },
      where: file.where(at),
    };
  });
}
