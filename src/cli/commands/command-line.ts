import { type Command, Option } from "commander";
import { oneOf } from "../arguments.ts";
import type { Edge } from "../edge.ts";

/** What the definitions of commands need: they only say what may be typed, and load the command itself when it runs. */
export interface CommandLine {
  program: Command;
  edge: Edge;
  /** Takes the exit code. */
  done(code: number): void;
}

/** An option with a closed list of values: shown in its help, completed by shells, and told when it is another. */
export function choice<const T extends string>(flags: string, description: string, choices: readonly T[]): Option {
  const option = new Option(flags, description).choices(choices);
  return option.argParser(oneOf(option.long ?? flags, choices));
}

/** For every command that asks an agent. */
export function withConnection(command: Command): Command {
  return command
    .option("--url <url>", "the agent's address (default: SLUICE_URL)")
    .option("--api-key-file <file>", "a file that holds the API key (default: SLUICE_API_KEY holds it)");
}

export function withJson(command: Command): Command {
  return command.option("--json", "print JSON");
}
