import type { RunMark } from "../attempts/run-mark.ts";
import { setMarks } from "../run.ts";
import type { RunEntry } from "../run-entry.ts";
import { closedAt, covers, hasStart } from "./runless-run.ts";

/** The stored evidence of a run around a time: the latest until then, and the earliest after it that makes a run. */
export interface Around {
  before: number | null;
  after: number | null;
}

export interface RunlessDeps {
  /** Makes a run with an id of the agent. */
  make: (at: number) => RunEntry;
  /** Called only for stored runs with evidence after that time. */
  around: (run_key: number, time: number) => Around;
  /** The latest `at` of evidence that no run took; null: there is none. */
  last_loose_at: number | null;
}

/**
 * The run-less runs of a pipeline in time. A start begins a run and gives up the open one; an end closes the open one; a report
 * in between makes a run where none is open. A late start or end splits the run that it falls into: reports are told apart by
 * when they were true, not by when they arrived.
 */
export class RunlessRuns {
  /** By `first_at`. */
  readonly #entries: RunEntry[];
  readonly #deps: RunlessDeps;
  /** Runs whose stored evidence may now belong to another run, or to none. */
  readonly reseated = new Set<RunEntry>();
  /** Evidence that no run took may belong to one of them now. */
  adopts = false;
  /** The run that each new run was split from. */
  readonly origins = new Map<RunEntry, RunEntry>();

  constructor(entries: Iterable<RunEntry>, deps: RunlessDeps) {
    this.#entries = [...entries].sort((a, b) => a.run.first_at - b.run.first_at || (a.key ?? 0) - (b.key ?? 0));
    this.#deps = deps;
  }

  /** The run that a run report begins, ends or is about. The caller applies the report to it, with its own time as `at`. */
  seatReport({ status, own_at }: Pick<RunMark, "status" | "own_at">): RunEntry {
    if (status === "started") return this.#begin(own_at);
    return status === "retrying" ? this.seatEvidence(own_at, true)! : this.#close(own_at);
  }

  /** The run that was open then. `makes`: one is made where none was; else null. */
  seatEvidence(at: number, makes: boolean): RunEntry | null {
    const [known, next] = this.#neighbours(at);
    if (known !== undefined && covers(known.run, at)) return known;
    if (!makes) return null;
    if (next !== undefined && !hasStart(next.run)) return this.#reachBack(next, at);
    return this.#make(at, next);
  }

  #begin(at: number): RunEntry {
    const [known, next] = this.#neighbours(at);
    const inside = known !== undefined && covers(known.run, at);
    if (inside && known.run.first_at === at) return known;
    // A run that ended at that very moment counts as ended before.
    if (inside && closedAt(known.run) !== at) {
      const { left, right } = this.#split(known, at - 1, at);
      left.run.given_up_at = at;
      return right!;
    }
    const entry = next !== undefined && !hasStart(next.run) ? this.#reachBack(next, at) : this.#make(at, next);
    if (inside && (known.run.last_at ?? Number.NEGATIVE_INFINITY) >= at) {
      known.dirty = true;
      this.reseated.add(known).add(entry);
    }
    return entry;
  }

  #close(at: number): RunEntry {
    const [known, next, earlier] = this.#neighbours(at);
    if (known !== undefined && covers(known.run, at)) {
      const tied = known.run.first_at === at && hasStart(known.run) && earlier !== undefined && hasStart(earlier.run);
      if (tied && closedAt(earlier.run) === at) return earlier;
      if (tied && closedAt(earlier.run) === null && earlier.run.given_up_at === at) return this.#ended(earlier);
      if (closedAt(known.run) === at) return known;
      return this.#ended(this.#split(known, at, null).left);
    }
    return this.#make(at, next, true);
  }

  #ended(entry: RunEntry): RunEntry {
    entry.run.given_up_at = null;
    return entry;
  }

  /**
   * Splits a run at `time`. The part whose id was given in answers keeps the id. `begins`: the later part begins at that time,
   * whatever it holds.
   */
  #split(entry: RunEntry, time: number, begins: number | null): { left: RunEntry; right: RunEntry | null } {
    const { run } = entry;
    const { marks, first_at, last_at, given_up_at } = run;
    const earlier = marks.filter(({ own_at }) => own_at <= time);
    const later = marks.filter(({ own_at }) => own_at > time);
    const moves = last_at !== null && last_at > time;
    const { before, after } = moves ? this.#around(entry, time) : { before: last_at, after: null };
    const from = least([begins, later[0]?.own_at ?? null, after]);
    // Evidence on the other side of the cut than the part that stays this run.
    const goesOnLater = later.length > 0 && earlier.length === 0;
    const deals = goesOnLater ? before !== null : moves;
    if (deals) this.reseated.add(entry);
    entry.dirty = true;
    if (from === null) {
      run.last_at = before;
      return { left: entry, right: null };
    }
    const other = this.#deps.make(from);
    this.origins.set(other, this.origins.get(entry) ?? entry);
    Object.assign(other.run, { heard_at: run.heard_at, invalidated: run.invalidated });
    const [left, right] = goesOnLater ? [other, entry] : [entry, other];
    Object.assign(left.run, { first_at, last_at: before, given_up_at: null });
    Object.assign(right.run, { first_at: from, last_at: moves ? last_at : null, given_up_at });
    setMarks(left.run, earlier);
    setMarks(right.run, later);
    this.#entries.splice(this.#entries.indexOf(entry), 1, left, right);
    if (deals) this.reseated.add(other);
    return { left, right };
  }

  /** The evidence of the new run is still stored with the run that it was split from. */
  #around(entry: RunEntry, time: number): Around {
    const { key } = this.origins.get(entry) ?? entry;
    if (key === null) return { before: null, after: null };
    const { before, after } = this.#deps.around(key, time);
    const { first_at, last_at } = entry.run;
    return {
      before: before !== null && before >= first_at ? before : null,
      after: after !== null && after <= last_at! ? after : null,
    };
  }

  #reachBack(entry: RunEntry, at: number): RunEntry {
    entry.run.first_at = at;
    entry.dirty = true;
    return this.#grown(entry);
  }

  #make(at: number, next: RunEntry | undefined, closes = false): RunEntry {
    const entry = this.#deps.make(at);
    if (!closes && next !== undefined && hasStart(next.run)) entry.run.given_up_at = next.run.first_at;
    this.#entries.splice(this.#entries.findLastIndex(({ run }) => run.first_at <= at) + 1, 0, entry);
    return this.#grown(entry);
  }

  #grown(entry: RunEntry): RunEntry {
    const { last_loose_at } = this.#deps;
    const { run } = entry;
    if (last_loose_at !== null && last_loose_at >= run.first_at) {
      run.last_at = Math.max(run.last_at ?? last_loose_at, last_loose_at);
      this.reseated.add(entry);
      this.adopts = true;
    }
    return entry;
  }

  /** The last run that began by then, the one after it, and the one before it. */
  #neighbours(at: number): [RunEntry | undefined, RunEntry | undefined, RunEntry | undefined] {
    const place = this.#entries.findLastIndex(({ run }) => run.first_at <= at);
    return [this.#entries[place], this.#entries[place + 1], this.#entries[place - 1]];
  }
}

function least(values: readonly (number | null)[]): number | null {
  return values.reduce((a, b) => (a === null ? b : b === null ? a : Math.min(a, b)), null);
}
