import { collect, durationOf, nameOf, wholeOf } from "../arguments.ts";
import type { PolicyTestOptions } from "../policy/test-policy.ts";
import { type CommandLine, withConnection, withJson } from "./command-line.ts";

const DAY_MS = 86_400_000;

const TEST = `
Nothing is stored or changed. "Decided" is what the gate last said while a run was the latest. The policy is asked about the same
moment: the evidence, freshness, alerts and override of then, by the clock of then. Of a run that never was the latest (a
backfill) "decided" is what the agent's policy says of it as of its end. Upstreams are left out on both sides.

Exit codes:
   0  every decision would be the same
   1  some would be different
   2  the command line or the file is wrong, or the agent refused
  40  the agent cannot be reached

Examples:
  sluice policy test --config sluice.new.yaml --pipeline orders_daily
  sluice policy test --all --since 90d --json | jq '.pipelines[].runs[] | select(.decided != .proposed)'
`;

export function policyCommands({ program, edge, done }: CommandLine): void {
  const command = program
    .command("policy")
    .description("try gate policies before they are put in force")
    .command("test")
    .description("show what the gate policies of a file would have decided about the runs that are stored")
    .option("--config <file>", "the sluice.yaml to try (default: SLUICE_CONFIG, else ./sluice.yaml)")
    .option("--pipeline <name>", "whose runs; may be given several times", collect(nameOf("--pipeline")))
    .option("--all", "those of every pipeline")
    .option("--since <duration>", "how far to look back (default: 30d)", durationOf("--since", 1000, 3660 * DAY_MS))
    .option("--limit <n>", "runs of a pipeline at most, the latest (default: 1000)", wholeOf("--limit", 1, 100_000));
  withJson(withConnection(command))
    .addHelpText("after", TEST)
    .action(async (options: PolicyTestOptions) =>
      done(await (await import("../policy/test-policy.ts")).testPolicy(options, edge)),
    );
}
