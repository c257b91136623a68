import { checkStructure } from "../../format/yaml/check-structure.ts";
import { ApiKeySchema } from "./api-key-schema.ts";

/** What is wrong with an entry, each with the field it is about. */
export function checkApiKey(entry: object): { field: string; message: string }[] {
  return checkStructure(entry, ApiKeySchema).map(({ path, message }) => ({ field: String(path[0]), message }));
}
