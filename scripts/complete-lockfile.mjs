// node scripts/complete-lockfile.mjs: after `npm install` against a registry mirror that lacks packages of other
// platforms. npm leaves those out of package-lock.json without a word, and `npm ci` then refuses the file everywhere.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { completeLockfile } from "./lib/lockfile.mjs";
import { root } from "./lib/root.mjs";

const file = join(root, "package-lock.json");
const lock = JSON.parse(readFileSync(file, "utf8"));
const added = completeLockfile(lock);
if (added.length > 0) writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
process.stderr.write(`${added.length} entries added to package-lock.json\n`);
