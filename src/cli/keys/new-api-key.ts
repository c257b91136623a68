import { createHash, randomBytes } from "node:crypto";

/** A key is 256 random bits, so a plain SHA-256 of it cannot be turned back by guessing. */
export function newApiKey(): { key: string; hash: string } {
  const key = `sluice_${randomBytes(32).toString("base64url")}`;
  return { key, hash: createHash("sha256").update(key).digest("hex") };
}
