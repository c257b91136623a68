import { durationOf, nameOf, runIdOf, timeOf, wholeOf } from "../arguments.ts";
import { readFlushDeadline } from "../delivery/flush-deadline.ts";
import type { ExecOptions } from "../exec/exec.ts";
import { type CommandLine, choice, withConnection } from "./command-line.ts";

const HOUR_MS = 3_600_000;

const EXEC = `
The command runs as it would alone: its standard input and output, its signals and its exit code (127 not found, 126 not
executable, 128 + n ended by signal n). Whether the agent is there changes nothing but a line on standard error: reports
wait on disk then and are sent with the next one. Reported are its start, duration, and exit status, and of a failure the
last lines of standard error (not with --no-capture-stderr, which also leaves the command a terminal there).

Inside, "sluice report … orders_daily …" belongs to the same run: SLUICE_PIPELINE_NAME, SLUICE_RUN_ID, SLUICE_ATTEMPT and
SLUICE_TRY say which it is.

Examples:
  sluice exec orders_daily -- ./etl.sh --date 2026-11-20
  sluice exec orders_daily --run-id "$(date +%F)" -- sh -c 'extract | load'
  sluice exec orders_daily --gate-after --on-unreachable block -- ./etl.sh && ./publish.sh
`;

export function execCommand({ program, edge, done }: CommandLine): void {
  const command = program
    .command("exec")
    .description("run a command as a run of a pipeline")
    .argument("<pipeline>", "the pipeline_name", nameOf("PIPELINE"))
    .argument("<command...>", "after --, the command and its arguments")
    .option("--run-id <run_id>", "which run it is (default: a new one)", runIdOf("--run-id"))
    .option(
      "--attempt <n>",
      "which time the run is done (default: the times of its starts and ends tell)",
      wholeOf("--attempt", 1, 1_000_000),
    )
    .option("--try <n>", "which try of the work: what is reported inside says so", wholeOf("--try", 1, 1_000_000))
    .option("--resumes", "only a part is done again: what was reported of the rest before still counts")
    .option("--will-retry", "when it fails that is a failed attempt, not a failed run: whoever starts this tries again")
    .option("--data-interval-start <time>", "the data it is about begins", timeOf("--data-interval-start"))
    .option("--data-interval-end <time>", "and ends", timeOf("--data-interval-end"))
    .option("--logical-date <time>", "the date it is about (default: when it started)", timeOf("--logical-date"))
    .option("--no-capture-stderr", "do not look at standard error")
    .option(
      "--flush-deadline <duration>",
      "how long handing over the reports may hold up the end (default: SLUICE_FLUSH_DEADLINE, else 3s)",
      readFlushDeadline("--flush-deadline"),
    )
    .option(
      "--gate-after",
      "when it succeeds, ask the gate about this run: 20, 30 or 40 when the next step may not run",
    )
    .option("--wait <duration>", "how long the gate may be pending", durationOf("--wait", 0, 24 * HOUR_MS))
    .addOption(
      choice("--on-unreachable <what>", "what the gate is when nobody answers (default: block)", ["block", "allow"]),
    );
  command.showHelpAfterError(
    "(options of sluice come before --, the command and its own options after: sluice exec PIPELINE -- COMMAND …)",
  );
  withConnection(command)
    .addHelpText("after", EXEC)
    .action(async (pipeline: string, words: string[], options: ExecOptions) =>
      done(await (await import("../exec/exec.ts")).exec(pipeline, words, options, edge)),
    );
}
