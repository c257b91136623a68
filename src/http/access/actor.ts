import { cleanText } from "../../domain/words/text.ts";
import type { Caller } from "./auth.ts";

/** Who ends something: who they say they are, else the name of their key. */
export function actorOf({ caller, query: { actor } }: { caller: Caller; query: { actor?: string } }): string {
  return actor === undefined ? caller.scope || "somebody without a key" : cleanText(actor);
}
