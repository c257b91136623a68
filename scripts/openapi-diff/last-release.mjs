import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "../lib/root.mjs";

/** The OpenAPI document that the newest release in test/fixtures served: its file. */
export function lastReleasedDocument() {
  const fixtures = join(root, "test/fixtures");
  const releases = readdirSync(fixtures).filter((name) => name.startsWith("release-"));
  const [newest] = releases.sort((a, b) => b.localeCompare(a, "en", { numeric: true }));
  return join(fixtures, newest, "openapi.json");
}
