// npm run sluice -- <command>: install and build where needed, then run the command line.
import { startProgram } from "./lib/start-program.mjs";

await startProgram(process.argv.slice(2));
