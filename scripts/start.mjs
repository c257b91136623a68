// npm start: install and build where needed, then run the agent, and again should it end unasked. `npm start -- --help` hands
// arguments on.
import { keepProgram } from "./lib/start-program.mjs";

await keepProgram(["serve", ...process.argv.slice(2)]);
