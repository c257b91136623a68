// npm start: install and build where needed, then run the agent. `npm start -- --help` hands arguments on.
import { startProgram } from "./lib/start-program.mjs";

await startProgram(["serve", ...process.argv.slice(2)]);
