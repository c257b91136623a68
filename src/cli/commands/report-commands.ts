import { Argument, type Command } from "commander";
import { countOf, nameOf, numberFrom, oneOf, runIdOf, secondsOf, shareOf, timeOf, wholeOf } from "../arguments.ts";
import { UsageError } from "../command-error.ts";
import { readFlushDeadline } from "../delivery/flush-deadline.ts";
import type { ReportDriftOptions } from "../report/drift.ts";
import type { Content, ReportOptions } from "../report/report.ts";
import { firstWrong, orWrong, reportWrong } from "../report/wrong-report.ts";
import { TABLE_FORMATS } from "../table-file/open-table.ts";
import { show } from "../text/show.ts";
import { type CommandLine, choice, withConnection, withJson } from "./command-line.ts";
import * as help from "./report-help.ts";

const STATUSES = ["started", "success", "failed", "skipped", "cancelled"] as const;

export function reportCommands({ program, edge, done }: CommandLine): void {
  const group = program
    .command("report")
    .description("report what a pipeline did; kept on disk while the agent is away")
    .addHelpText("after", help.REPORT);

  const kind = (name: string, description: string, examples: string): Command => {
    const command = group
      .command(name)
      .description(description)
      .argument("<pipeline>", "the pipeline_name", nameOf("PIPELINE"))
      .option(
        "--run-id <run_id>",
        "which run (default: the one sluice exec runs, else the open run without an id)",
        runIdOf("--run-id"),
      )
      .option(
        "--attempt <n>",
        "which time the run is done (default: the times of its starts and ends tell)",
        wholeOf("--attempt", 1, 1_000_000),
      )
      .option("--try <n>", "which try of this part of the work: the greatest speaks", wholeOf("--try", 1, 1_000_000))
      .option("--at <time>", "when it was true (default: now)", timeOf("--at"))
      .option("--id <id>", "the same id twice counts once (default: a new one)", idOf)
      .option(
        "--flush-deadline <duration>",
        "how long sending may take (default: SLUICE_FLUSH_DEADLINE, else 3s)",
        readFlushDeadline("--flush-deadline"),
      )
      .option("--must-deliver", "exit with 40 when it is only kept for later");
    return withJson(withConnection(command)).addHelpText("after", examples);
  };
  const send = async (pipeline: string, content: Content, options: ReportOptions) =>
    done(await (await import("../report/report.ts")).report(pipeline, content, options, edge));

  kind("run", "a run started or ended", help.RUN)
    .addArgument(new Argument("<status>", "what happened").choices(STATUSES).argParser(oneOf("STATUS", STATUSES)))
    .option("--started-at <time>", "when it started", timeOf("--started-at"))
    .option("--finished-at <time>", "when it ended", timeOf("--finished-at"))
    .option("--duration <seconds>", "how long it took (default: what the times say)", secondsOf("--duration"))
    .option("--error <text>", "why it failed")
    .option("--will-retry", "a failed attempt, not a failed run")
    .option("--data-interval-start <time>", "the data it is about begins", timeOf("--data-interval-start"))
    .option("--data-interval-end <time>", "and ends", timeOf("--data-interval-end"))
    .option("--logical-date <time>", "the date it is about (default: when it started)", timeOf("--logical-date"))
    .option("--resumes", "only a part is done again: what was reported of the rest before still counts")
    .action((pipeline, status, options) =>
      send(
        pipeline,
        defined({
          kind: "run",
          status,
          started_at: options.startedAt,
          finished_at: options.finishedAt,
          duration_seconds: options.duration,
          error: options.error,
          will_retry: options.willRetry,
          data_interval_start: options.dataIntervalStart,
          data_interval_end: options.dataIntervalEnd,
          logical_date: options.logicalDate,
          resumes: options.resumes,
        }),
        options,
      ),
    );

  kind("records", "records that a stage has processed", help.RECORDS)
    .argument("<stage>", "such as extract, transform or load", nameOf("STAGE"))
    .argument("<count>", "how many; 0 is evidence too", orWrong(countOf("COUNT")))
    .option("--failed <n>", "how many of them failed", orWrong(countOf("--failed")))
    .option("--expected-min <n>", "fewer block the gate", orWrong(countOf("--expected-min")))
    .addOption(
      choice("--expected-min-of <what>", "of what (default: of the part, and parts add up)", ["part", "stage"]),
    )
    .option("--part <name>", "a partition or file: parts add up", nameOf("--part"))
    .action(async (pipeline, stage, count, { failed, expectedMin, expectedMinOf, part, ...options }) => {
      const wrong = firstWrong(count, failed, expectedMin);
      if (wrong !== null) {
        // No number is a count, so the agent refuses it.
        await reportWrong(pipeline, defined({ kind: "records", stage, count: wrong.message, part }), options, edge);
        throw wrong;
      }
      const limits = { failed, expected_min: expectedMin, expected_min_of: expectedMinOf };
      return send(pipeline, defined({ kind: "records", stage, count, ...limits, part }), options);
    });

  kind("quality", "the score of a quality check", help.QUALITY)
    .argument("<check>", "the check_name", nameOf("CHECK"))
    .argument("<score>", "from 0 to 1, or null with --error when it could not be computed", orWrong(scoreOf))
    .option("--threshold <share>", "passes from here on (default: 0.8)", orWrong(shareOf("--threshold")))
    .addOption(choice("--severity <severity>", "warn does not block by itself (default: error)", ["error", "warn"]))
    .option("--error <text>", "why there is no score")
    .action(async (pipeline, check_name, score, { threshold, severity, error, ...options }) => {
      const unexplained = score === null && error === undefined;
      const wrong = unexplained
        ? new UsageError("SCORE: null given without --error; say why it could not be computed")
        : firstWrong(score, threshold);
      if (wrong !== null) {
        const check = { check_name, score: null, severity, error: `not computed: ${wrong.message}` };
        await reportWrong(pipeline, defined({ kind: "quality", ...check }), options, edge);
        throw wrong;
      }
      return send(pipeline, defined({ kind: "quality", check_name, score, threshold, severity, error }), options);
    });

  kind("latency", "how long an operation took", help.LATENCY)
    .argument("<seconds...>", "one or more", latencyOf)
    .option("--operation <name>", "of what (default: vector_search)", nameOf("--operation"))
    .action((pipeline, seconds, { operation, ...options }) =>
      send(
        pipeline,
        defined({ kind: "latency", operation, seconds: seconds.length === 1 ? seconds[0] : seconds }),
        options,
      ),
    );

  kind("freshness", "how far the data reaches", help.FRESHNESS)
    .argument("<data_through>", "complete up to this time", timeOf("DATA_THROUGH"))
    .option("--dataset <name>", "which data (default: the pipeline's name)", nameOf("--dataset"))
    .action((pipeline, data_through, { dataset, ...options }) =>
      send(pipeline, defined({ kind: "freshness", data_through, dataset }), options),
    );

  kind("drift", "histograms of features, to be judged against their references", help.DRIFT)
    .argument("[file]", "the run's data (CSV, NDJSON, JSON, Parquet): binned here, no row leaves this machine")
    .option(
      "--counts <feature=n,n,…>",
      "counts on the bins of the feature's reference; may be given several times",
      (text, before: string[] = []) => [...before, text],
    )
    .option(
      "--null <text>",
      "a text of the file that means no value; may be given several times",
      (text, before: string[] = []) => [...before, text],
    )
    .option(
      "--days <column>",
      "take its dates as days since 1970-01-01; may be given several times",
      (text, before: string[] = []) => [...before, text],
    )
    .addOption(choice("--format <format>", "what the file is (default: its name tells)", TABLE_FORMATS))
    .action(async (pipeline: string, file: string | undefined, options: ReportDriftOptions) =>
      done(await (await import("../report/drift.ts")).reportDrift(pipeline, file, options, edge)),
    );
}

const shareOrNull = shareOf("SCORE");

function scoreOf(text: string): number | null {
  if (text === "null") return null;
  const value = Number(text);
  if (value > 1 && value <= 100) {
    throw new UsageError(`SCORE: ${show(text)} given; must be a number from 0 to 1 (${value} % is ${value / 100})`);
  }
  return shareOrNull(text);
}

const secondsFrom = numberFrom("SECONDS", 0, 1e6, "seconds, a number from 0 to 1e6");

function latencyOf(text: string, before: number[] = []): number[] {
  return [...before, secondsFrom(text)];
}

function idOf(text: string): string {
  if (/^[^\p{C}]{1,128}$/u.test(text)) return text;
  throw new UsageError(`--id: ${show(text)} given; must be an id of 1 to 128 printable characters`);
}

/** Without what was not said. */
function defined(content: Record<string, unknown>): Content {
  return Object.fromEntries(Object.entries(content).filter(([, value]) => value !== undefined)) as unknown as Content;
}
