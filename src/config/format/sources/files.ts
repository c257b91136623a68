import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from "node:fs";

/** The file system, as far as the configuration needs it. */
export interface Files {
  /** Where relative paths start. */
  directory: string;
  /** null when there is no such file; throws an UnreadableFile, or an error with the system's `code`, when it cannot be read. */
  read(path: string): string | null;
}

/** What is there is no file that a person wrote; the message says what it is. */
export class UnreadableFile extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UnreadableFile";
  }
}

/** More is no configuration, and would be parsed for seconds. */
const MOST_BYTES = 4 * 1024 * 1024;

export function filesOnDisk(directory: string): Files {
  return { directory, read };
}

function read(path: string): string | null {
  let file: number;
  try {
    // Not blocking: a named pipe would be waited for, for as long as nobody writes.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    if (codeOf(error) === "ENXIO") throw new UnreadableFile("it is a socket");
    throw error;
  }
  try {
    const kind = kindOf(fstatSync(file));
    if (kind !== null) throw new UnreadableFile(`it is ${kind}`);
    return textOf(contentOf(file));
  } finally {
    closeSync(file);
  }
}

/** null: a plain file, or a directory, which the system refuses by itself. */
function kindOf(stats: Stats): string | null {
  if (stats.isFIFO()) return "a named pipe";
  if (stats.isCharacterDevice() || stats.isBlockDevice()) return "a device";
  return null;
}

/** Not by the size that the system tells: some file systems tell none. */
function contentOf(file: number): Buffer {
  const chunks: Buffer[] = [];
  for (let length = 0; length <= MOST_BYTES; ) {
    const chunk = Buffer.alloc(64 * 1024);
    const bytes = readSync(file, chunk);
    if (bytes === 0) return Buffer.concat(chunks);
    chunks.push(chunk.subarray(0, bytes));
    length += bytes;
  }
  throw new UnreadableFile(`it is larger than ${MOST_BYTES / 1024 / 1024} MiB`);
}

function textOf(bytes: Buffer): string {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (!text.includes("\u0000")) return text;
  } catch {}
  throw new UnreadableFile("it is not text in UTF-8");
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
