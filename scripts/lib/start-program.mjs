import { pathToFileURL } from "node:url";
import { prepare } from "./prepare.mjs";
import { supervise } from "./supervise.mjs";

/** Runs the built program with these arguments in this very process: signals, exit code and memory are its own. */
export async function startProgram(args) {
  const program = await prepare();
  process.argv = [process.execPath, program, ...args];
  await import(pathToFileURL(program).href);
}

/** Runs the built program with these arguments, and restarts it after an unasked end. */
export async function keepProgram(args) {
  process.exitCode = await supervise(await prepare(), args);
}
