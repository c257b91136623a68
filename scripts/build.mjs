// npm run build: src/main.ts and its dependencies → dist/.
import { performance } from "node:perf_hooks";
import { build } from "./lib/build.mjs";
import { root } from "./lib/root.mjs";

const started = performance.now();
const built = await build(root);
process.stderr.write(built ? `built dist in ${Math.round(performance.now() - started)} ms\n` : "dist is up to date\n");
