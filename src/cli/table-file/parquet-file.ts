import { statSync } from "node:fs";
import * as zlib from "node:zlib";
import {
  type AsyncBuffer,
  asyncBufferFromFile,
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetRead,
  parquetSchema,
  type SchemaElement,
} from "hyparquet";
import { plain } from "./row-batches.ts";
import { type Cell, TableError, type TableFile } from "./table-file.ts";

/** Read a column of a row group at a time, so that memory holds one of them and not the file. */
export function parquetFile(file: string): TableFile {
  const bytes = statSync(file).size;
  return {
    text_only: false,
    bytes,
    async read(visit, progress) {
      const buffer = await asyncBufferFromFile(file);
      const metadata = await metadataOf(file, buffer);
      const elements = parquetSchema(metadata).children.map(({ element }) => element);
      const chunks = metadata.row_groups.length * elements.length;
      let rowStart = 0;
      let done = 0;
      for (const { num_rows } of metadata.row_groups) {
        const rowEnd = rowStart + Number(num_rows);
        for (const element of elements) {
          const { name: column } = element;
          const options = { file: buffer, metadata, columns: [column], rowStart, rowEnd, compressors: COMPRESSORS };
          const float32 = element.type === "FLOAT";
          for (const { data, first } of await readColumn(file, options)) {
            visit({ column, cells: cellsOf(data, element), first, float32 });
          }
          progress((bytes * ++done) / chunks);
        }
        rowStart = rowEnd;
      }
      return rowStart;
    },
  };
}

async function metadataOf(file: string, buffer: AsyncBuffer): Promise<FileMetaData> {
  try {
    return await parquetMetadataAsync(buffer);
  } catch (error) {
    throw new TableError(`${file}: not a Parquet file (${(error as Error).message})`, error);
  }
}

type ReadOptions = Omit<Parameters<typeof parquetRead>[0], "onComplete" | "rowFormat">;

async function readColumn(file: string, options: ReadOptions): Promise<{ data: ArrayLike<unknown>; first: number }[]> {
  const found: { data: ArrayLike<unknown>; first: number }[] = [];
  try {
    await parquetRead({
      ...options,
      onChunk: ({ columnData, rowStart }) => void found.push({ data: columnData, first: rowStart + 1 }),
    });
  } catch (error) {
    const column = JSON.stringify(options.columns?.[0]);
    throw new TableError(`${file}: column ${column} cannot be read (${(error as Error).message})`, error);
  }
  return found;
}

function cellsOf(data: ArrayLike<unknown>, element: SchemaElement): ArrayLike<Cell> {
  // A time of day comes as a number.
  if (element.converted_type?.startsWith("TIME_") || element.logical_type?.type === "TIME") {
    return Array.from(data, (value) => (value === null || value === undefined ? null : undefined));
  }
  if (element.converted_type === "DECIMAL") return Array.from(data, (value) => decimal(value, element.scale ?? 0));
  if (data instanceof Float64Array || data instanceof Float32Array || data instanceof Int32Array) return data;
  return Array.from(data, plain);
}

/** The reader multiplies by a power of ten, which gives 0.30000000000000004 for 0.3; a division gives the nearest number. */
function decimal(value: unknown, scale: number): Cell {
  if (typeof value !== "number") return plain(value);
  const factor = 10 ** scale;
  const whole = Math.round(value * factor);
  return Number.isSafeInteger(whole) ? whole / factor : value;
}

const unzstd = "zstdDecompressSync" in zlib ? (zlib.zstdDecompressSync as (input: Uint8Array) => Uint8Array) : null;

/** Snappy is built into hyparquet; these into Node (ZSTD from Node 22.15 on). */
const COMPRESSORS: Compressors = {
  GZIP: (input) => zlib.gunzipSync(input),
  BROTLI: (input) => zlib.brotliDecompressSync(input),
  ZSTD: (input) => {
    if (unzstd !== null) return unzstd(input);
    throw new Error("ZSTD needs Node 22.15 or newer here; write the file with Snappy");
  },
};
