import type { Losses } from "../losses/losses.ts";
import { withLost } from "../losses/say-lost.ts";
import type { RunIdentity } from "./run-identity.ts";
import type { ReportBody } from "./wire.ts";

type Kind = ReportBody["kind"];
/** What a report says beside who says it and when. */
export type FieldsOf<K extends Kind> = Omit<Extract<ReportBody, { kind: K }>, "kind" | "id" | "at" | keyof RunIdentity>;

/** Where reports go. Costs microseconds and never throws. */
export interface Sink {
  /** `common`: what every report of the run carries, written as JSON once (identityJson). */
  put<K extends Kind>(kind: K, common: string, fields: FieldsOf<K>): void;
  /** Evidence that the agent is to refuse, so that a gate sees it: fields as they were given. */
  putWrong(kind: Kind, common: string, fields: object): void;
  /** A report as it is; it gets an id and, unless it has one, its time. */
  putWhole(report: ReportBody): void;
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
  losses: Losses;
}

export function createSink({ now, newId, append, tell, dropped, later, losses }: SinkDeps): Sink {
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
  const add = (line: string, ms: number) => {
    // A character is up to three bytes.
    if (line.length > LONGEST_LINE / 3 && new TextEncoder().encode(line).length > LONGEST_LINE) {
      losses.noteLine(line, "the report was larger than 1 MiB");
      refuse(`a report of ${line.length} characters given; must be at most 1 MiB: ${line.slice(0, 200)}…`);
    } else append(line, ms);
  };
  const put = (kind: Kind, common: string, fields: object) => {
    const ms = now();
    const head = `{"kind":"${kind}","id":"${newId(ms)}","at":"${textOf(ms)}",${common}`;
    let line: string;
    try {
      const rest = JSON.stringify(fields).slice(1);
      line = rest === "}" ? `${head}}` : `${head},${rest}`;
    } catch (error) {
      refuse(notJson(error));
      return;
    }
    add(line, ms);
  };
  return {
    refuse,
    tell,
    later,
    put,
    putWrong: put,
    putWhole(report) {
      const ms = now();
      try {
        add(JSON.stringify(withLost({ id: newId(ms), at: textOf(ms), ...report }, losses)), ms);
      } catch (error) {
        losses.noteReport(report ?? {}, "it cannot be written as JSON");
        refuse(notJson(error));
      }
    },
  };
}

/** The beginning of every line of a run. */
export function identityJson(identity: RunIdentity): string {
  return JSON.stringify(identity).slice(1, -1);
}

function notJson(error: unknown): string {
  return `a report cannot be written as JSON: ${String(error)}`;
}

/** For what has no place to go; wrong use is still told. */
export function mutedSink(sink: Sink, dropped: () => void): Sink {
  return { put: dropped, putWrong: dropped, putWhole: dropped, refuse: sink.refuse, tell: sink.tell, later: () => {} };
}
