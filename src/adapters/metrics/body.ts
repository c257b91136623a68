import { setImmediate } from "node:timers/promises";
import type { Exposition } from "./exposition/exposition.ts";

/** Bytes gathered before the event loop gets its turn. */
const CHUNK = 128 * 1024;

/**
 * The domain's part of a scrape. All chunks share one piece of memory: a chunk is valid until the next one is asked for,
 * so a reader that needs it longer copies it. (New memory for each chunk costs more to allocate and collect than the copying,
 * and holds 40 MB.) A chunk is a snapshot: each segment in it is from the moment at which it was copied. A series that leaves and
 * comes back during a scrape may appear twice; Prometheus keeps the first.
 */
export async function* bodyChunks(exposition: Exposition): AsyncGenerator<Buffer> {
  exposition.release();
  for (const chunk of copies(exposition)) {
    yield chunk;
    await setImmediate();
  }
}

function* copies({ families, birth_hold }: Exposition): Generator<Buffer> {
  let memory = Buffer.allocUnsafeSlow(2 * CHUNK);
  let used = 0;
  const append = (text: Buffer) => {
    if (used + text.length > memory.length)
      memory = Buffer.concat([memory.subarray(0, used)], 2 * (used + text.length));
    used += text.copy(memory, used);
  };
  let held = 0;
  for (const family of families) held += family.held;
  if (held > 0) append(Buffer.from(heldComment(held, birth_hold)));
  for (const { layout, segments } of families) {
    append(layout.header);
    for (const segment of segments) {
      append(segment.current());
      if (used < CHUNK) continue;
      yield memory.subarray(0, used);
      used = 0;
    }
  }
  yield memory.subarray(0, used);
}

function heldComment(held: number, birthHold: number): string {
  const [what, they, their] = held === 1 ? ["series is", "it is", "its"] : ["series are", "they are", "their"];
  return `# sluice: ${held} new ${what} shown as 0 until ${they} ${birthHold / 1000}s old, so that increase() sees ${their} first count\n`;
}
