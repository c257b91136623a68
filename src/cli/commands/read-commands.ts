import { SLA_KINDS } from "../../domain/sla.ts";
import { nameOf, wholeOf } from "../arguments.ts";
import type { DigestOptions } from "../digest.ts";
import type { SlaOptions } from "../sla.ts";
import { type CommandLine, choice, withConnection, withJson } from "./command-line.ts";

const SLA = `
Examples:
  sluice sla                                # all pipelines, the last 30 days
  sluice sla orders_daily --days 7          # one pipeline, and its checks
  sluice sla --kind run --json | jq '.items[] | select(.state == "breaching")'
`;

const DIGEST = `
Examples:
  sluice digest
  sluice digest --period week --team data --preview
`;

export function readCommands({ program, edge, done }: CommandLine): void {
  const sla = program
    .command("sla")
    .description("show how often what was promised was kept")
    .argument("[pipeline]", "the pipeline_name (default: all)", nameOf("PIPELINE"))
    .option("--days <n>", "how far to look back (default: 30)", wholeOf("--days", 1, 3660))
    .addOption(choice("--kind <kind>", "of what (default: quality)", SLA_KINDS))
    .option("--check <check_name>", "of this check alone", nameOf("--check"));
  withJson(withConnection(sla))
    .addHelpText("after", SLA)
    .action(async (pipeline: string | undefined, options: SlaOptions) =>
      done(await (await import("../sla.ts")).sla(pipeline, options, edge)),
    );

  program
    .command("digest")
    .description("show what a digest of the last day or week says")
    .addOption(choice("--period <period>", "of what (default: day)", ["day", "week"]))
    .option("--team <team>", "of this team's pipelines alone")
    .option("--preview", "also write the mail as a page, sluice-digest.html")
    .option("--file <file>", "also write the mail as a page, into this file")
    .addHelpText("after", DIGEST)
    .action(async (options: DigestOptions) => done(await (await import("../digest.ts")).digest(options, edge)));
}
