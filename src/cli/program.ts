import { Command } from "commander";
import { VERSION } from "../version.ts";
import { agentCommands } from "./commands/agent-commands.ts";
import type { CommandLine } from "./commands/command-line.ts";
import { completionCommand } from "./commands/completion-command.ts";
import { execCommand } from "./commands/exec-command.ts";
import { gateCommands } from "./commands/gate-commands.ts";
import { policyCommands } from "./commands/policy-commands.ts";
import { readCommands } from "./commands/read-commands.ts";
import { referenceCommands } from "./commands/reference-commands.ts";
import { reportCommands } from "./commands/report-commands.ts";
import { schemaCommands } from "./commands/schema-commands.ts";
import type { Edge } from "./edge.ts";
import * as help from "./help.ts";

/** The commands. Each is loaded when it runs, so that a start does not wait for what it does not need. */
export function createProgram(edge: Edge, done: (code: number) => void): Command {
  const program = new Command("sluice")
    .description(help.ABOUT)
    .version(VERSION, "--version", "print the version")
    .helpCommand(false)
    .enablePositionalOptions()
    .configureOutput({
      writeOut: (text) => edge.out(text.trimEnd()),
      writeErr: (text) => edge.err(text.trimEnd()),
      outputError: (text, write) => write(text.replace(/^error: /, "sluice: ")),
    })
    .addHelpText("after", help.OVERVIEW)
    .exitOverride();

  const line: CommandLine = { program, edge, done };
  reportCommands(line);
  execCommand(line);
  gateCommands(line);
  readCommands(line);
  referenceCommands(line);
  schemaCommands(line);
  policyCommands(line);
  agentCommands(line);
  completionCommand(line);
  return program;
}
