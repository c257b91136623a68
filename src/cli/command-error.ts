/** A command cannot do what it was asked to. The message says why and what to do; it is printed without a stack. */
export class CommandError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "CommandError";
  }
}
