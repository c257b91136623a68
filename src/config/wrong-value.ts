import { show } from "../contract/check.ts";

const KEY_IN_CLEAR =
  "an API key itself was given (not shown here), and only its SHA-256 belongs in a file; " +
  'make a new key with "sluice keys create", which prints the entry to put here';
const LOOKS_LIKE_A_KEY = /^sluice_[A-Za-z0-9_-]{32,}$/;

/** The sentence for a value that is not allowed. */
export function wrongValue(given: unknown, schema: { description?: string; writeOnly?: boolean }): string {
  if (typeof given === "string") {
    if (LOOKS_LIKE_A_KEY.test(given) || (schema.writeOnly && given.startsWith("sluice_"))) return KEY_IN_CLEAR;
  }
  const shown = kind(given) ?? (schema.writeOnly ? "<secret>" : show(given));
  return `${shown} given; must be ${schema.description ?? "something else"}`;
}

/** Lists and maps are named, not shown. */
function kind(given: unknown): string | undefined {
  if (Array.isArray(given)) return given.length === 0 ? "an empty list" : "a list";
  return typeof given === "object" && given !== null ? "keys and values" : undefined;
}
