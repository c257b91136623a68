// node scripts/build-page.mjs DIRECTORY: the page alone, to look at it while it changes.
import { buildPage } from "./lib/page.mjs";
import { root } from "./lib/root.mjs";

const outdir = process.argv[2];
if (outdir === undefined) throw new Error("say where to put the page: node scripts/build-page.mjs DIRECTORY");
await buildPage(root, outdir);
