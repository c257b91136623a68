/** The agent could not be asked, or said no. */
export class ClientError extends Error {
  /** Of the agent's answer; null: it did not answer. */
  readonly status: number | null;
  /** Of docs/errors.md, or "unreachable". */
  readonly code: string;

  constructor(message: string, status: number | null, code: string) {
    super(message);
    this.name = "SluiceError";
    this.status = status;
    this.code = code;
  }
}
