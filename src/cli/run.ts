import { CommanderError } from "commander";
import { ConfigError } from "../config/format/problems.ts";
import { redact } from "../config/format/redact.ts";
import { nearest } from "../config/format/yaml/nearest.ts";
import { CommandError, UsageError } from "./command-error.ts";
import type { Edge } from "./edge.ts";
import { createProgram } from "./program.ts";

const WRONG_USE = 2;

/** Runs one command line and answers its exit code. */
export async function run(args: readonly string[], edge: Edge): Promise<number> {
  let code = 0;
  const program = createProgram(edge, (result) => {
    code = result;
  });
  try {
    refuseUnknown(
      args[0],
      program.commands.map((command) => command.name()),
    );
    await program.parseAsync([...args], { from: "user" });
    return code;
  } catch (error) {
    // Its own exit code is 0 where help or the version was asked for; of a group of commands without one, help is shown.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_USE;
    if (!(error instanceof CommandError || error instanceof ConfigError)) throw error;
    edge.err(`sluice: ${redact(error.message)}`);
    return error instanceof CommandError ? error.exit_code : 1;
  }
}

/** Commander would take it for an argument of the default command. */
function refuseUnknown(word: string | undefined, commands: string[]): void {
  if (word === undefined || word.startsWith("-") || commands.includes(word)) return;
  const meant = nearest(word, commands);
  const hint = meant === undefined ? `the commands are ${commands.join(", ")}` : `did you mean ${meant}?`;
  throw new UsageError(`there is no command ${JSON.stringify(word)}; ${hint}`);
}
