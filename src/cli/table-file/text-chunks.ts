import { createReadStream } from "node:fs";
import { pipeline, type Readable, Transform } from "node:stream";
import { createGunzip } from "node:zlib";
import { TableError } from "./table-file.ts";

const CHUNK_BYTES = 1 << 18;

/** A file's text a part at a time, unpacked where its name ends in .gz; a byte order mark is left out. */
export async function* textChunks(file: string, progress: (bytes: number) => void): AsyncGenerator<string> {
  const source = createReadStream(file, { highWaterMark: CHUNK_BYTES });
  let read = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      read += chunk.length;
      progress(read);
      done(null, chunk);
    },
  });
  const parts: [Readable, ...Transform[]] = [source, counted];
  if (file.endsWith(".gz")) parts.push(createGunzip());
  // Ends all of them when one fails, or when nobody reads on; what went wrong comes out of the last one.
  const bytes = pipeline(parts, () => {}) as Transform;
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    for await (const chunk of bytes) yield decoder.decode(chunk as Buffer, { stream: true });
    yield decoder.decode();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ERR_ENCODING_INVALID_ENCODED_DATA")
      throw new TableError(`${file}: not UTF-8; convert it first, with iconv for instance`, error);
    if (code?.startsWith("Z_")) throw new TableError(`${file}: not a whole gzip file (${code})`, error);
    throw error;
  }
}
