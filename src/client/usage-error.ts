/** The client was used wrongly; the message is one line that names the argument, what was given and what is allowed. */
export class SluiceUsageError extends TypeError {
  constructor(message: string) {
    super(message);
    this.name = "SluiceUsageError";
  }
}
