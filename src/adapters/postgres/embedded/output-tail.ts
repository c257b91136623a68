import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

const KEPT_LINES = 20;

export interface OutputTail {
  /** The last lines, oldest first. */
  lines(): string[];
  ended: Promise<void>;
}

/** `edit` may change a line before it is kept, or drop it. */
export function tailOutput(output: Readable, edit: (line: string) => string | undefined = (line) => line): OutputTail {
  const kept: string[] = [];
  const reader = createInterface({ input: output });
  reader.on("line", (line) => {
    const edited = edit(line);
    if (edited === undefined) return;
    kept.push(edited);
    if (kept.length > KEPT_LINES) kept.shift();
  });
  const ended = new Promise<void>((resolve) => reader.once("close", resolve));
  return { lines: () => [...kept], ended };
}
