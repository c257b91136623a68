/** A name in one spelling: an accent may be a character of its own or a part of its letter, and looks the same either way. */
export function nfc(name: string): string {
  return ASCII.test(name) ? name : name.normalize("NFC");
}

const ASCII = /^[\0-\x7f]*$/;

/** What is no name: whoever made a password chose its bytes. */
const AS_WRITTEN = /(?:^|_)(?:url|secret|token|password|key|hash)$/;

/** The values of a document with every name in its one spelling, keys of maps too. */
export function nfcValues(value: unknown): unknown {
  if (typeof value === "string") return nfc(value);
  if (Array.isArray(value)) return value.map(nfcValues);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [nfc(key), AS_WRITTEN.test(key) ? one : nfcValues(one)]),
  );
}
