export type StartupErrorCode =
  | "embedded_postgres_unavailable"
  | "programs_unreachable"
  | "lock_tool_missing"
  | "data_dir_in_use"
  | "data_dir_not_a_directory"
  | "data_dir_not_writable"
  | "data_dir_not_owned"
  | "data_dir_unreachable"
  | "data_dir_full"
  | "data_dir_not_postgres"
  | "data_dir_version_mismatch"
  | "socket_directory_unavailable"
  | "server_user_unknown"
  | "initdb_failed"
  | "server_start_failed"
  | "server_start_timeout";

/** The agent cannot start. The message says what is wrong and what to do about it; callers branch on `code`. */
export class StartupError extends Error {
  readonly code: StartupErrorCode;

  constructor(code: StartupErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "StartupError";
    this.code = code;
  }
}

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
