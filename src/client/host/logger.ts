/** Where the client says things; `console` fits. Each thing is said once. */
export interface Logger {
  /** What somebody should look at: wrong use, refused or lost reports, an agent that is away. */
  warn(message: string): void;
  /** What went as it should. */
  info?(message: string): void;
}

/** Standard error, and nothing about what went well: a pipeline's own output stays as it was. */
export const DEFAULT_LOGGER: Logger = { warn: (message) => console.warn(message) };

const MOST_REMEMBERED = 200;

export type LogLine = (message: string) => void;

/** Says each message once; a logger that throws is not the pipeline's trouble. */
export function onceEach(say: LogLine): LogLine {
  const said = new Set<string>();
  return (message) => {
    if (said.has(message) || said.size >= MOST_REMEMBERED) return;
    said.add(message);
    quietly(say, message);
  };
}

export function quietly(say: LogLine, message: string): void {
  try {
    say(`sluice: ${message}`);
  } catch {
    // A broken logger must not break the pipeline.
  }
}
