import { ClientError } from "../../sluice-error.ts";
import type { Reply } from "./request.ts";

/** What to throw where somebody waits for the answer. */
export function refusal(subject: string, reply: Exclude<Reply, { kind: "answer" }>): ClientError {
  if (reply.kind === "away") return new ClientError(`${subject}: ${reply.why}`, null, "unreachable");
  const { status, code, detail } = reply;
  return new ClientError(`${subject}: ${status} ${code}: ${detail}`, status, code);
}
