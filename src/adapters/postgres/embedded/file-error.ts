import { StartupError } from "./startup-error.ts";

const READ_ONLY = new Set(["EACCES", "EPERM", "EROFS"]);
const NOT_A_DIRECTORY = new Set(["ENOTDIR", "EEXIST", "EISDIR"]);
const FULL = new Set(["ENOSPC", "EDQUOT"]);

export function fileErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** What an error of the file system means for the person who chose the data directory; anything else comes back as it is. */
export function explainFileError(error: unknown, directory: string): unknown {
  const code = fileErrorCode(error);
  if (error instanceof StartupError || code === undefined) return error;
  if (READ_ONLY.has(code)) {
    const who = process.getuid?.() ?? "unknown";
    return new StartupError(
      "data_dir_not_writable",
      `The data directory ${directory} is not writable for user id ${who} (${code}). Make it writable, or set SLUICE_DATA_DIR to a directory that is.`,
      error,
    );
  }
  if (NOT_A_DIRECTORY.has(code)) {
    return new StartupError(
      "data_dir_not_a_directory",
      `The data directory ${directory} is a file, or lies below one (${code}). Move that file away, or set SLUICE_DATA_DIR to another place.`,
      error,
    );
  }
  if (FULL.has(code)) return diskFull(directory, `(${code})`, error);
  return error;
}

export function diskFull(directory: string, detail: string, cause?: unknown): StartupError {
  return new StartupError(
    "data_dir_full",
    `The disk of the data directory ${directory} is full ${detail}. Free some space, or set SLUICE_DATA_DIR to a directory on another disk.`,
    cause,
  );
}
