// npm run openapi:diff -- [OLD [NEW]]: what clients of OLD miss in NEW, files or URLs of OpenAPI documents; without them the
// last release and docs/openapi.json. Ends with 1 where the changelog does not name a break.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./lib/root.mjs";
import { announcementsAfter, compareWithAnnouncements } from "./openapi-diff/announced.mjs";
import { documentBreaks } from "./openapi-diff/document-breaks.mjs";
import { lastReleasedDocument } from "./openapi-diff/last-release.mjs";

const [old = lastReleasedDocument(), now = join(root, "docs/openapi.json")] = process.argv.slice(2);
const [before, after] = await Promise.all([old, now].map(read));
const breaks = documentBreaks(before, after);
const announcements = announcementsAfter(before.info.version, readFileSync(join(root, "CHANGELOG.md"), "utf8"));
const { unannounced } = compareWithAnnouncements(breaks, announcements);
for (const line of breaks)
  process.stdout.write(`${unannounced.includes(line) ? "not in CHANGELOG.md" : "announced"}: ${line}\n`);
process.stdout.write(`${breaks.length} breaking changes, ${unannounced.length} of them not in CHANGELOG.md\n`);
process.exitCode = unannounced.length > 0 ? 1 : 0;

async function read(source) {
  if (!/^https?:/.test(source)) return JSON.parse(readFileSync(source, "utf8"));
  const answer = await fetch(source);
  if (!answer.ok) throw new Error(`${source} answered ${answer.status}`);
  return answer.json();
}
