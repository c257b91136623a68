import { collect, nameOf, wholeOf } from "../arguments.ts";
import { UsageError } from "../command-error.ts";
import type { ReferenceImportOptions } from "../reference/import.ts";
import type { ReferenceRebuildOptions } from "../reference/rebuild.ts";
import { TABLE_FORMATS } from "../table-file/open-table.ts";
import { show } from "../text/show.ts";
import { type CommandLine, choice, withConnection, withJson } from "./command-line.ts";

const IMPORT = `
Numbers become quantile bins, texts and booleans categories. Empty cells, NaN, NULL and \\N are nulls; name others by
--null. A column of CSV is numbers where each of its cells is one, and names where one has a leading zero. Dates are skipped
unless --days names them, and so are texts of which there are more than 1000 different ones.

The file never has to fit into memory (a .json document does): what has more than 131072 values is read twice. Its edges
come from a sample of that size, its counts from every row. The same file always gives the same version.

Examples:
  sluice reference import training.parquet --pipeline user_features
  sluice reference import train.csv.gz --pipeline user_features --feature age --feature amount --bins 20
  sluice reference import train.csv --pipeline user_features --categorical zip --null NA --dry-run
`;

const REBUILD = `
What was stored before 0.3 goes on being judged as it was. The bins stay: import the training set again where its rows are at
hand, as only they tell spikes, the range, and cuts between values. The key needs the role reference.

Example:
  sluice reference rebuild --pipeline user_features --dry-run
`;

function delimiter(text: string): string {
  if (text === "\\t") return "\t";
  if (text.length === 1 && !/["\r\n]/.test(text)) return text;
  throw new UsageError(`--delimiter: ${show(text)} given; must be one character, or \\t for a tab`);
}

export function referenceCommands({ program, edge, done }: CommandLine): void {
  const reference = program.command("reference").description("set what drift is judged against");
  const command = reference
    .command("import")
    .description("make the columns of a file (CSV, NDJSON, JSON, Parquet) the references of a pipeline's features")
    .argument("<file>", "a training set; .csv, .tsv and .ndjson also as .gz")
    .requiredOption("--pipeline <name>", "whose features they are (required)", nameOf("--pipeline"))
    .option(
      "--feature <column>",
      "take this column; may be given several times (default: all that can be features)",
      collect(nameOf("--feature")),
    )
    .option(
      "--categorical <column>",
      "take its values as names, also where they are numbers; may be given several times",
      collect(nameOf("--categorical")),
    )
    .option(
      "--numeric <column>",
      "take its values as numbers, also texts of digits and booleans; may be given several times",
      collect(nameOf("--numeric")),
    )
    .option(
      "--days <column>",
      "take its dates as days since 1970-01-01; may be given several times",
      collect(nameOf("--days")),
    )
    .option("--null <text>", "a text that means no value; may be given several times", collect(String))
    .option("--bins <n>", "bins of a column of numbers (default: 10)", wholeOf("--bins", 1, 1000))
    .addOption(choice("--method <method>", "how to make them (default: quantile)", ["quantile", "uniform"]))
    .addOption(choice("--format <format>", "what the file is (default: its name tells)", TABLE_FORMATS))
    .option("--delimiter <character>", "between the cells of CSV (default: the header tells)", delimiter)
    .option("--note <text>", "kept with the references")
    .option("--dry-run", "show what would be sent, and send nothing");
  withJson(withConnection(command))
    .addHelpText("after", IMPORT)
    .action(async (file: string, options: ReferenceImportOptions) =>
      done(await (await import("../reference/import.ts")).referenceImport(file, options, edge)),
    );
  const rebuild = reference
    .command("rebuild")
    .description("put references again that an earlier version stored, so that they are judged by the rule of today")
    .requiredOption("--pipeline <name>", "whose features they are (required)", nameOf("--pipeline"))
    .option("--feature <name>", "only this one; may be given several times", collect(nameOf("--feature")))
    .option("--dry-run", "show what would be put again, and send nothing");
  withJson(withConnection(rebuild))
    .addHelpText("after", REBUILD)
    .action(async (options: ReferenceRebuildOptions) =>
      done(await (await import("../reference/rebuild.ts")).referenceRebuild(options, edge)),
    );
}
