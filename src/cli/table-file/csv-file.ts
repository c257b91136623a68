import { statSync } from "node:fs";
import { CsvRows } from "./csv-rows.ts";
import { BATCH_ROWS, type Cell, TableError, type TableFile } from "./table-file.ts";
import { textChunks } from "./text-chunks.ts";

/** CSV with a header line. Without `delimiter` it is the one of , ; tab | that the header holds most of. */
export function csvFile(file: string, delimiter: string | undefined): TableFile {
  return {
    text_only: true,
    bytes: statSync(file).size,
    async read(visit, progress) {
      let rows: CsvRows | null = null;
      let header: string[] | null = null;
      let columns: Cell[][] = [];
      let first = 0;
      let count = 0;
      const flush = () => {
        header?.forEach((column, i) => {
          visit({ column, cells: columns[i]!, first });
        });
        columns = columns.map(() => []);
      };
      const take = (cells: string[], line: number) => {
        if (header === null) {
          header = headerOf(cells, file);
          columns = header.map(() => []);
          return;
        }
        if (cells.length !== header.length) {
          throw new TableError(`${file}: line ${line} has ${cells.length} cells, the header has ${header.length}`);
        }
        if (columns[0]!.length === 0) first = count + 1;
        for (let i = 0; i < cells.length; i++) columns[i]!.push(cells[i]!);
        count++;
        if (columns[0]!.length === BATCH_ROWS) flush();
      };
      for await (const chunk of textChunks(file, progress)) {
        rows ??= new CsvRows(delimiter ?? likelyDelimiter(chunk), take);
        rows.push(chunk);
      }
      rows?.end();
      if (header === null)
        throw new TableError(`${file}: empty; must have a header line with the names of the columns`);
      flush();
      return count;
    },
  };
}

function headerOf(cells: string[], file: string): string[] {
  const nameless = cells.indexOf("");
  // pandas writes its index as a first column without a name.
  if (nameless > 0) throw new TableError(`${file}: column ${nameless + 1} has no name in the header`);
  const twice = cells.find((name, i) => cells.indexOf(name) !== i);
  if (twice !== undefined) throw new TableError(`${file}: two columns have the name ${JSON.stringify(twice)}`);
  return cells;
}

function likelyDelimiter(text: string): string {
  const header = text.split("\n", 1)[0]!.replaceAll(/"[^"]*"/g, "");
  const counted = [",", ";", "\t", "|"].map((one) => ({ one, count: header.split(one).length }));
  return counted.reduce((best, other) => (other.count > best.count ? other : best)).one;
}
