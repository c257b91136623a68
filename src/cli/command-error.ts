/** A command cannot do what it was asked to. The message says why and what to do; it is printed without a stack. */
export class CommandError extends Error {
  /** What the process ends with. */
  readonly exit_code: number = 1;

  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "CommandError";
  }
}

/** The command line itself is wrong: the field, what was given, what is allowed. */
export class UsageError extends CommandError {
  override readonly exit_code: number = 2;
}
