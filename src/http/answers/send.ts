import type { FastifyReply } from "fastify";

/** Sends a text as it is: CSV, a page, or JSON that is written already. The schema of the route is for objects. */
export function sendText(reply: FastifyReply, contentType: string, text: string): FastifyReply {
  return reply.header("content-type", contentType).send(text);
}

/** Answers 204, which has no body. */
export function sendNothing(reply: FastifyReply): FastifyReply {
  return reply.code(204).send();
}
