import type { FastifyRequest } from "fastify";
import { cleanText } from "../../domain/words/text.ts";

/** Who ends something: who they say they are, else the name of their key. */
export function actorOf(request: FastifyRequest): string {
  const { actor } = request.query as { actor?: string };
  return actor === undefined ? request.caller.scope || "somebody without a key" : cleanText(actor);
}
