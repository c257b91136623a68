import { statSync } from "node:fs";
import { RowBatches } from "./row-batches.ts";
import { TableError, type TableFile } from "./table-file.ts";
import { textChunks } from "./text-chunks.ts";

const LONGEST_LINE = 1 << 24;

/** A JSON object a line. */
export function ndjsonFile(file: string): TableFile {
  return {
    text_only: false,
    bytes: statSync(file).size,
    async read(visit, progress) {
      const batches = new RowBatches(visit);
      let line = 0;
      let count = 0;
      let rest = "";
      const take = (text: string) => {
        line++;
        if (text.trim() === "") return;
        batches.push(objectOf(text, `${file}: line ${line}`), ++count);
      };
      for await (const chunk of textChunks(file, progress)) {
        const lines = (rest + chunk).split("\n");
        rest = lines.pop()!;
        lines.forEach(take);
        if (rest.length > LONGEST_LINE) throw new TableError(`${file}: line ${line + 1} is longer than 16 MiB`);
      }
      take(rest);
      batches.flush();
      return count;
    },
  };
}

function objectOf(text: string, where: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new TableError(`${where}: not JSON (${(error as Error).message})`, error);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new TableError(`${where}: must be a JSON object with a value for each column`);
}
