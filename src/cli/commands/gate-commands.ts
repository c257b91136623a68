import { durationOf, nameOf, runIdOf } from "../arguments.ts";
import type { GateCommandOptions } from "../gate/gate.ts";
import { type CommandLine, choice, withConnection, withJson } from "./command-line.ts";

const DAY_MS = 86_400_000;

const GATE = `
Exit codes:
   0  pass
  10  warn: may go on, with reasons
  20  block
  30  unknown (no evidence about the data) or pending (the run has not ended)
  40  nobody could be asked; with --on-unreachable allow this is 0, with a warning
   2  the command line is wrong         1  the agent refused the question

Examples:
  sluice gate orders_daily && ./publish.sh                   # pass only
  sluice gate orders_daily --ok-if-allowed && ./publish.sh   # pass and warn
  sluice gate orders_daily --run-id 2026-11-20 --wait 10m --on-unreachable block
  sluice gate orders_daily --json | jq -r '.reasons[].detail'
`;

export function gateCommands({ program, edge, done }: CommandLine): void {
  const gate = program
    .command("gate")
    .description("ask whether the work after a pipeline may go on")
    .argument("<pipeline>", "the pipeline_name", nameOf("PIPELINE"))
    .option("--run-id <run_id>", "decide about this run (default: the latest that ended)", runIdOf("--run-id"))
    .option(
      "--wait <duration>",
      "how long to wait while it is pending, or nobody answers",
      durationOf("--wait", 0, DAY_MS),
    )
    .addOption(
      choice("--on-unreachable <what>", "what it means when nobody answers (default: block)", ["block", "allow"]),
    )
    .option("--consumer <name>", "who asks: a policy may be stricter for some", nameOf("--consumer"))
    .option("--while-running", "decide on the evidence so far, for a step inside of the run")
    .option(
      "--ok-if-allowed",
      "exit with 0 whenever the work may go on: also on warn, and on an unknown that the policy allows",
    );
  withJson(withConnection(gate))
    .addHelpText("after", GATE)
    .action(async (pipeline: string, options: GateCommandOptions) =>
      done(await (await import("../gate/gate.ts")).gate(pipeline, options, edge)),
    );
}
