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
