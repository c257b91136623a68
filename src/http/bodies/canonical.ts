import { hash } from "node:crypto";
import type { ReportKey } from "../../ports.ts";

/** JSON with its keys in order: the same content is the same text, however it was written. */
export function canonicalJson(value: unknown): string {
  // As JSON writes it, and several times faster.
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
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
    text += quoted(key) + canonicalJson(fields[key]);
  }
  return `${text}}`;
}

const MOST_QUOTED = 1000;
const QUOTED = new Map<string, string>();

/** `"key":`; the names of fields are few, and those of features as many as fit. */
function quoted(key: string): string {
  let text = QUOTED.get(key);
  if (text === undefined) {
    text = `${JSON.stringify(key)}:`;
    if (QUOTED.size < MOST_QUOTED) QUOTED.set(key, text);
  }
  return text;
}

/**
 * The identity of a report: its id in the scope of the API key, and its content as it was sent, without the id. The body has
 * been validated, so it is not deep.
 */
export function reportKey(scope: string, id: string | IdOfRequest, kind: string, body: object): ReportKey {
  return { id_hash: idHash(scope, id), content_hash: contentHash(kind, body) };
}

function idHash(scope: string, id: string | IdOfRequest): string {
  return timeOrdered(typeof id === "string" ? id : id.key, hash16(textOf(scope, id)));
}

function contentHash(kind: string, body: object): string {
  const keys = Object.keys(body).filter((key) => key !== "id" && key !== "kind");
  return hash16(`${kind} ${canonicalFields(body, keys)}`);
}

/** What a refused report is known by: its id where it says a usable one, and its content. */
export function refusedHashes(scope: string, id: string | IdOfRequest | null, kind: string, body: object): string[] {
  const ids = id === null ? [] : [idHash(scope, id)];
  try {
    return [...ids, contentHash(kind, body)];
  } catch (error) {
    // Nothing has validated it, so it may be deeper than the stack.
    if (error instanceof RangeError) return ids;
    throw error;
  }
}

/** An id that a report has not itself: the request's Idempotency-Key K, and in a batch `K#i` for item i. */
export interface IdOfRequest {
  key: string;
}

/** A report's own id that is written as an item's is in a domain of its own. No id holds a NUL, so no text of one is a text of the other. */
function textOf(scope: string, id: string | IdOfRequest): string {
  if (typeof id !== "string") return `${scope}\u0000${id.key}`;
  return ITEM.test(id) ? `${scope}\u0000\u0000${id}` : `${scope}\u0000${id}`;
}

const ITEM = /#\d+$/;

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** SDKs send UUIDv7, which begin with the time: with that kept in front, new ids go to one end of the index and not all over it. */
function timeOrdered(id: string, hashed: string): string {
  return UUID_V7.test(id) ? id.slice(0, 8) + id.slice(9, 13) + hashed.slice(12) : hashed;
}

/** The first 16 bytes of the SHA-256, in hexadecimal. */
function hash16(text: string): string {
  return hash("sha256", text, "hex").slice(0, 32);
}
