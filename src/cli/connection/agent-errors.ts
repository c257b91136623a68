import { CommandError } from "../command-error.ts";

/** Nobody answered, or not in a way that says anything about the question: worth asking again. */
export class AgentUnreachable extends CommandError {
  override readonly exit_code: number = 40;
}

/** An agent is there, and cannot answer now: it is stopping, starting, or too busy. */
export class AgentBusy extends AgentUnreachable {
  /** Milliseconds that it asks to wait; null: it says nothing. */
  readonly retry_after: number | null;

  constructor(message: string, retry_after: number | null) {
    super(message);
    this.retry_after = retry_after;
  }
}

/** The agent has understood and refused: asking again changes nothing. */
export class AgentRefused extends CommandError {
  readonly status: number;
  /** One of docs/errors.md. */
  readonly code: string;

  constructor(status: number, code: string, detail: string) {
    super(`the agent refused: ${detail} (${code})`);
    this.status = status;
    this.code = code;
  }
}
