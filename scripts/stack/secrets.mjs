import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The text of `directory/name`, generated on the first call: 32 random bytes, readable by this user alone, no line break. */
export function secret(directory, name) {
  return secretText(directory, name, () => randomBytes(32).toString("base64url"));
}

export function secretText(directory, name, make) {
  const file = join(directory, name);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
  const text = make();
  writeFileSync(file, text, { mode: 0o600, flag: "wx" });
  chmodSync(file, 0o600);
  return text;
}
