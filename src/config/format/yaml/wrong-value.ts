import { show } from "../../../contract/check.ts";

const KEY_IN_CLEAR =
  "an API key itself was given (not shown here), and only its SHA-256 belongs in a file; " +
  'make a new key with "sluice keys create", which prints the entry to put here';
const LOOKS_LIKE_A_KEY = /^sluice_[A-Za-z0-9_-]{32,}$/;

interface WrongSchema {
  description?: string;
  writeOnly?: boolean;
  maximum?: number;
}

/** The sentence for a value that is not allowed. */
export function wrongValue(given: unknown, schema: WrongSchema): string {
  if (typeof given === "string") {
    if (LOOKS_LIKE_A_KEY.test(given) || (schema.writeOnly && given.startsWith("sluice_"))) return KEY_IN_CLEAR;
  }
  const shown = kind(given) ?? (schema.writeOnly ? "<secret>" : show(given));
  const meant = schema.maximum === 1 ? shareMeant(given) : undefined;
  const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
  return `${shown} given; must be ${schema.description ?? "something else"}${hint}`;
}

/** 95 or "95%" where a share is asked for. */
function shareMeant(given: unknown): number | undefined {
  const percent = typeof given === "string" ? /^(\d+(?:\.\d+)?) ?%$/.exec(given)?.[1] : given;
  const share = Number((Number(percent) / 100).toPrecision(12));
  return share > 0.01 && share <= 1 ? share : undefined;
}

/** Lists and maps are named, not shown. */
function kind(given: unknown): string | undefined {
  if (Array.isArray(given)) return given.length === 0 ? "an empty list" : "a list";
  return typeof given === "object" && given !== null ? "keys and values" : undefined;
}
