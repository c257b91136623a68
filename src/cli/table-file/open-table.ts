import { accessSync, constants, statSync } from "node:fs";
import { UsageError } from "../command-error.ts";
import { show } from "../text/show.ts";
import type { TableFile } from "./table-file.ts";

export const TABLE_FORMATS = ["csv", "ndjson", "json", "parquet"] as const;
export type TableFormat = (typeof TABLE_FORMATS)[number];

export interface TableOptions {
  /** Told by the name of the file unless given. */
  format?: TableFormat;
  /** Of CSV. */
  delimiter?: string;
}

const BY_NAME: readonly (readonly [RegExp, TableFormat])[] = [
  [/\.(csv|tsv)(\.gz)?$/i, "csv"],
  [/\.(ndjson|jsonl)(\.gz)?$/i, "ndjson"],
  [/\.json$/i, "json"],
  [/\.(parquet|pq)$/i, "parquet"],
];

/** Only what the format needs is loaded. */
export async function openTable(file: string, { format, delimiter }: TableOptions): Promise<TableFile> {
  checkReadable(file);
  switch (format ?? BY_NAME.find(([name]) => name.test(file))?.[1]) {
    case "csv":
      return (await import("./csv-file.ts")).csvFile(file, delimiter ?? (/\.tsv/i.test(file) ? "\t" : undefined));
    case "ndjson":
      return (await import("./ndjson-file.ts")).ndjsonFile(file);
    case "json":
      return (await import("./json-file.ts")).jsonFile(file);
    case "parquet":
      return (await import("./parquet-file.ts")).parquetFile(file);
    default:
      throw new UsageError(
        `FILE: ${show(file)} given; its name does not tell the format, so give --format ${TABLE_FORMATS.join("|")}`,
      );
  }
}

function checkReadable(file: string): void {
  let problem: string | undefined;
  try {
    accessSync(file, constants.R_OK);
    if (!statSync(file).isFile()) problem = "it is not a file (it is read twice, so a pipe will not do)";
  } catch (error) {
    problem = `it cannot be read (${(error as NodeJS.ErrnoException).code})`;
  }
  if (problem !== undefined) throw new UsageError(`FILE: ${show(file)} given; ${problem}`);
}
