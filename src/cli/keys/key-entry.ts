import { parseDocument, stringify } from "yaml";
import type { ApiKeyConfig } from "../../config.ts";

/** As it is written in YAML: without `pipelines` where it is all of them. */
function written({ name, hash, roles, pipelines }: ApiKeyConfig): object {
  return pipelines === null ? { name, hash, roles } : { name, hash, roles, pipelines };
}

/** The entry as a list of one, to be pasted. */
export function keyEntryText(entry: ApiKeyConfig): string {
  return stringify([written(entry)], { lineWidth: 0 }).trimEnd();
}

/** A YAML list (or nothing yet) with the entry at its end. Comments stay. */
export function appendKeyEntry(text: string, entry: ApiKeyConfig): string {
  const document = parseDocument(text);
  if (document.contents === null) return `${text.trim() === "" ? "" : `${text.trimEnd()}\n`}${keyEntryText(entry)}\n`;
  document.add(document.createNode(written(entry)));
  return document.toString({ lineWidth: 0 });
}
