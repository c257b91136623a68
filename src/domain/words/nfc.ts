/** A name in its composed spelling (NFC): an accent as a character of its own and as part of its letter look the same. */
export function nfc(name: string): string {
  return ASCII.test(name) ? name : name.normalize("NFC");
}

const ASCII = /^[\0-\x7f]*$/;

/** Keys whose values are no names: the bytes of a password are its owner's choice. */
const AS_WRITTEN = /(?:^|_)(?:url|secret|token|password|key|hash)$/;

/** A copy of a document with every name, keys of maps too, in NFC. */
export function nfcValues(value: unknown): unknown {
  if (typeof value === "string") return nfc(value);
  if (Array.isArray(value)) return value.map(nfcValues);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [nfc(key), AS_WRITTEN.test(key) ? one : nfcValues(one)]),
  );
}
