import type { Report } from "./wire.ts";

type WithoutKeys<T> = T extends unknown ? Omit<T, "id" | "at"> : never;

/** Where reports go. Costs microseconds and never throws. */
export interface Sink {
  /** Gives the report its id and, unless it has one, its time. */
  put(report: Report | WithoutKeys<Report>): void;
  /** It was wrong: counted, and said once (or, in strict mode, thrown). */
  refuse(problem: string): void;
  /** Wrong, but reported in some form: said once (or, in strict mode, thrown). */
  tell(problem: string): void;
  /** Work that ends in reports later, to be waited for by a flush. */
  later(work: Promise<void>): void;
}

/** A line longer than this no spool takes. */
const LONGEST_LINE = 1024 * 1024;

export interface SinkDeps {
  now: () => number;
  newId: (ms: number) => string;
  append: (line: string, now: number) => void;
  tell: (problem: string) => void;
  dropped: () => void;
  later: (work: Promise<void>) => void;
}

export function createSink({ now, newId, append, tell, dropped, later }: SinkDeps): Sink {
  let lastMs = -1;
  let lastText = "";
  const textOf = (ms: number) => {
    if (ms !== lastMs) {
      lastMs = ms;
      lastText = new Date(ms).toISOString();
    }
    return lastText;
  };
  const refuse = (problem: string) => {
    dropped();
    tell(problem);
  };
  return {
    refuse,
    tell,
    later,
    put(report) {
      const ms = now();
      const { id = newId(ms), at = textOf(ms) } = report as Report;
      let line: string;
      try {
        line = JSON.stringify({ id, at, ...report });
      } catch (error) {
        return refuse(`a report cannot be written as JSON: ${String(error)}`);
      }
      // A character is up to three bytes.
      if (line.length > LONGEST_LINE / 3 && new TextEncoder().encode(line).length > LONGEST_LINE) {
        return refuse(
          `${report.kind} report of ${report.pipeline_name}: ${line.length} characters; must be at most 1 MiB`,
        );
      }
      append(line, ms);
    },
  };
}

/** For what has no place to go; wrong use is still told. */
export function mutedSink(sink: Sink, dropped: () => void): Sink {
  return { put: dropped, refuse: sink.refuse, tell: sink.tell, later: () => {} };
}
