import { hash } from "node:crypto";
import type { ReportKey } from "../ports.ts";

/** JSON with its keys in order: the same content is the same text, however it was written. */
export function canonicalJson(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (!Array.isArray(value)) return canonicalFields(value, Object.keys(value));
  // A list of values, however long, is the same text at once.
  return value.some(isContainer) ? `[${value.map(canonicalJson).join(",")}]` : JSON.stringify(value);
}

function isContainer(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function canonicalFields(value: object, keys: string[]): string {
  const fields = value as Record<string, unknown>;
  let text = "{";
  for (const key of keys.sort()) {
    if (text.length > 1) text += ",";
    text += `${JSON.stringify(key)}:${canonicalJson(fields[key])}`;
  }
  return `${text}}`;
}

/**
 * The identity of a report: its id in the scope of the API key, and its content as it was sent, without the id. The body has
 * been validated, so it is not deep.
 */
export function reportKey(scope: string, id: string, kind: string, body: object): ReportKey {
  const keys = Object.keys(body).filter((key) => key !== "id" && key !== "kind");
  return {
    id_hash: timeOrdered(id, hash16(`${scope}\u0000${id}`)),
    content_hash: hash16(`${kind} ${canonicalFields(body, keys)}`),
  };
}

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** SDKs send UUIDv7, which begin with the time: with that kept in front, new ids go to one end of the index and not all over it. */
function timeOrdered(id: string, hashed: string): string {
  return UUID_V7.test(id) ? id.slice(0, 8) + id.slice(9, 13) + hashed.slice(12) : hashed;
}

/** The first 16 bytes of the SHA-256, in hexadecimal. */
function hash16(text: string): string {
  return hash("sha256", text, "hex").slice(0, 32);
}
