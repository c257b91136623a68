import { nameOf, runIdOf } from "../arguments.ts";
import type { AcceptOptions, ShowOptions } from "../schema/schema.ts";
import { type CommandLine, withConnection, withJson } from "./command-line.ts";

const SHOW = `
Of each dataset: the columns of its newest schema and how they differ from what is expected. ! is judged by the gate, ~ is not.

Examples:
  sluice schema show orders_daily
  sluice schema show orders_daily --json | jq '.items[].diff.changes'
`;

const ACCEPT = `
Later runs are held against what this one has, and its own gate is decided again. Columns that are then removed, renamed or
retyped block.

Examples:
  sluice schema accept orders_daily --run-id 2026-11-20 --actor anna
  sluice schema accept orders_daily --run-id 2026-11-20 --dataset raw_orders
`;

export function schemaCommands({ program, edge, done }: CommandLine): void {
  const group = program.command("schema").description("see and accept the columns of a pipeline's datasets");
  const command = (name: string, description: string, examples: string) =>
    withJson(
      withConnection(
        group
          .command(name)
          .description(description)
          .argument("<pipeline>", "the pipeline_name", nameOf("PIPELINE"))
          .option("--dataset <name>", "of this dataset alone", nameOf("--dataset")),
      ),
    ).addHelpText("after", examples);

  command("show", "show what is expected, what came, and how it differs", SHOW).action(
    async (pipeline: string, options: ShowOptions) =>
      done(await (await import("../schema/schema.ts")).showSchema(pipeline, options, edge)),
  );

  command("accept", "accept the schema of a run", ACCEPT)
    .requiredOption("--run-id <run_id>", "whose schema (required)", runIdOf("--run-id"))
    .option("--actor <name>", "who accepts it (default: the user who is logged in)")
    .action(async (pipeline: string, options: AcceptOptions) =>
      done(await (await import("../schema/schema.ts")).acceptSchema(pipeline, options, edge)),
    );
}
