import type { FastifyReply } from "fastify";

/** Ends when nobody is there any more to take the answer. */
export function untilGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once("close", () => gone.abort());
  return gone.signal;
}
