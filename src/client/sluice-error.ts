import type { Reply } from "./delivery/request.ts";

/** The agent could not be asked, or said no. */
export class SluiceError extends Error {
  /** Of the agent's answer; null: it did not answer. */
  readonly status: number | null;
  /** Of docs/errors.md, or "unreachable". */
  readonly code: string;

  constructor(subject: string, reply: Exclude<Reply, { kind: "answer" }>) {
    super(`${subject}: ${reply.kind === "away" ? reply.why : `${reply.status} ${reply.code}: ${reply.detail}`}`);
    this.name = "SluiceError";
    this.status = reply.kind === "away" ? null : reply.status;
    this.code = reply.kind === "away" ? "unreachable" : reply.code;
  }
}
