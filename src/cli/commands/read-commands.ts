import { DIGEST_PERIODS } from "../../domain/notices/digest.ts";
import { SLA_KINDS } from "../../domain/sla/sla.ts";
import { nameOf, wholeOf } from "../arguments.ts";
import type { DigestOptions } from "../read/digest.ts";
import type { SlaOptions } from "../read/sla.ts";
import { type CommandLine, choice, withConnection, withJson } from "./command-line.ts";

const SLA = `
Examples:
  sluice sla                                # all pipelines, the last 30 days
  sluice sla orders_daily --days 7          # one pipeline, and its checks
  sluice sla --kind run --json | jq '.items[] | select(.state == "breaching")'
`;

const DIGEST = `
Examples:
  sluice digest                             # the last 24 hours, all pipelines
  sluice digest --period week --team commerce --preview
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
      done(await (await import("../read/sla.ts")).sla(pipeline, options, edge)),
    );

  const digest = program
    .command("digest")
    .description("show what a digest would say now")
    .addOption(choice("--period <period>", "of what time", DIGEST_PERIODS).default("day"))
    .option("--team <team>", "of the pipelines of this team (default: all)", nameOf("--team"))
    .option("--preview", "write the mail as a page, too: sluice-digest.html")
    .option("--file <file>", "the page's name");
  withConnection(digest)
    .addHelpText("after", DIGEST)
    .action(async (options: DigestOptions) => done(await (await import("../read/digest.ts")).digest(options, edge)));
}
