import type { Losses } from "../losses/losses.ts";
import type { Spool } from "../spool/spool.ts";
import type { Stats } from "../stats.ts";
import { unreferenced } from "./post/unreferenced.ts";
import { ReportSegment } from "./segment.ts";

/** So many reports in so many milliseconds are on disk before their call returns; those beyond share a write. */
const BURST = 16;
const WRITE_BEHIND = 5;
/** Milliseconds that writing may take out of the pipeline's time, and the share of its time beyond that: a slow disk waits. */
const ALLOWANCE = 250;
const SHARE_OF_TIME = 0.05;

export interface ReportQueueDeps {
  /** A new UUIDv7. */
  newId: () => string;
  maxQueued: number;
  stats: Stats;
  losses: Losses;
  warn: (message: string) => void;
}

/**
 * Reports on their way: in memory until the agent or a finished file of the spool has them. A report is written to the
 * spool in the call itself, so that it survives a kill at once; in a flood it waits up to 5 ms for its neighbours.
 */
export class ReportQueue {
  #current: ReportSegment;
  /** Full ones, and those that the agent did not take and no disk holds; oldest first. */
  readonly #waiting: ReportSegment[] = [];
  #spool: Spool | null = null;
  /** Writes in the call since `since`. */
  #burst = { since: 0, writes: 0 };
  /** Milliseconds: all writes together, and the last one. */
  readonly #writing = { born: Date.now(), spent: 0, last: 0 };
  /** The segment being sent. */
  #taken: ReportSegment | null = null;
  #writeTimer: ReturnType<typeof setTimeout> | null = null;
  /** Reports of this client in finished files, by segment. */
  readonly #handedOver = new Map<string, number>();
  /** Files that this client writes or sends. */
  readonly #mine = new Set<string>();
  readonly #deps: ReportQueueDeps;

  constructor(deps: ReportQueueDeps) {
    this.#deps = deps;
    this.#current = new ReportSegment(deps.newId());
  }

  get spool(): Spool | null {
    return this.#spool;
  }

  /** From now on reports are on disk as well, those that wait already too. */
  useSpool(spool: Spool): void {
    this.#spool = spool;
    for (const segment of [...this.#waiting, this.#current]) this.#giveFile(segment);
    this.#write();
  }

  append(line: string, now: number): void {
    const segment = this.#current;
    segment.add(line);
    this.#deps.stats.queued++;
    if (segment.full) this.#seal();
    this.#writeSoon(now);
    if (this.#deps.stats.queued > this.#deps.maxQueued) this.#relieve();
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0 && this.#current.lines.length === 0;
  }

  get hasFullSegment(): boolean {
    return this.#waiting.length > 0;
  }

  /** The next segment to send; it is the caller's until it is settled or put back. */
  take(): ReportSegment | null {
    if (this.#waiting.length === 0 && this.#current.lines.length > 0) this.#seal();
    const segment = this.#waiting.shift() ?? null;
    this.#taken = segment;
    if (segment !== null) {
      this.#writeSegment(segment);
      segment.file?.hold();
    }
    return segment;
  }

  /** The agent has them, or has refused them for good. */
  settle(segment: ReportSegment): void {
    if (this.#taken !== segment) return;
    this.#taken = null;
    this.#deps.stats.queued -= segment.lines.length;
    segment.file?.remove();
    this.#mine.delete(segment.id);
  }

  /** `lines` of it are to be sent again: from the disk by whoever comes next, or from memory where there is no disk. */
  putBack(segment: ReportSegment, lines: string[]): void {
    if (this.#taken !== segment) return;
    this.#taken = null;
    this.#deps.stats.queued -= segment.lines.length - lines.length;
    segment.replace(lines);
    if (!this.#handOver(segment)) this.#waiting.unshift(segment);
  }

  /** Everything to the disk, for whoever comes next. */
  handOverAll(): void {
    if (this.#current.lines.length > 0) this.#seal();
    for (const segment of this.#waiting.splice(0)) {
      if (!this.#handOver(segment)) this.#waiting.push(segment);
    }
  }

  /** The process ends: what is being sent is not waited for. */
  abandon(): void {
    if (this.#taken !== null) this.#waiting.unshift(this.#taken);
    this.#taken = null;
    this.handOverAll();
  }

  isMine = (id: string): boolean => this.#mine.has(id);

  /** Segments handed over that somebody still has to send. */
  handedOver(): ReadonlySet<string> {
    const { stats } = this.#deps;
    if (this.#handedOver.size > 0) {
      const present = this.#spool?.present(this.#handedOver.keys());
      for (const id of this.#handedOver.keys()) if (present?.has(id) !== true) this.#handedOver.delete(id);
    }
    stats.spooled = [...this.#handedOver.values()].reduce((sum, count) => sum + count, 0);
    return new Set(this.#handedOver.keys());
  }

  #handOver(segment: ReportSegment): boolean {
    if (segment.file === null || !segment.write() || !segment.file.release()) return false;
    const { stats } = this.#deps;
    stats.queued -= segment.lines.length;
    this.#mine.delete(segment.id);
    this.#handedOver.set(segment.id, segment.lines.length);
    const dropped = this.#spool?.enforceBound() ?? [];
    stats.dropped += dropped.length;
    for (const line of dropped) this.#deps.losses.noteLine(line, "the spool was full");
    this.handedOver();
    return true;
  }

  #seal(): void {
    const segment = this.#current;
    this.#current = new ReportSegment(this.#deps.newId());
    this.#waiting.push(segment);
    this.#giveFile(this.#current);
  }

  #giveFile(segment: ReportSegment): void {
    if (this.#spool === null || segment.file !== null) return;
    segment.file = this.#spool.create(segment.id);
    this.#mine.add(segment.id);
  }

  #writeSoon(now: number): void {
    if (this.#spool === null) return;
    if (this.#mayWriteNow(now)) this.#write();
    else {
      const pause = Math.max(WRITE_BEHIND, this.#writing.last / SHARE_OF_TIME);
      this.#writeTimer ??= unreferenced(setTimeout(() => this.#write(), pause));
    }
  }

  #mayWriteNow(now: number): boolean {
    const { born, spent } = this.#writing;
    if (spent > ALLOWANCE + SHARE_OF_TIME * (now - born)) return false;
    // A clock that was set back must not put it off.
    if (now - this.#burst.since >= WRITE_BEHIND || now < this.#burst.since) this.#burst = { since: now, writes: 0 };
    return ++this.#burst.writes <= BURST;
  }

  #write(): void {
    if (this.#writeTimer !== null) clearTimeout(this.#writeTimer);
    this.#writeTimer = null;
    const start = performance.now();
    for (const segment of this.#waiting) this.#writeSegment(segment);
    this.#writeSegment(this.#current);
    this.#writing.last = performance.now() - start;
    this.#writing.spent += this.#writing.last;
  }

  #writeSegment(segment: ReportSegment): void {
    if (segment.file === null || segment.write()) return;
    this.#deps.warn(`${this.#spool?.folder} cannot be written just now; reports wait in memory`);
  }

  #relieve(): void {
    const { stats, maxQueued, warn } = this.#deps;
    while (stats.queued > maxQueued) {
      if (this.#spool !== null && this.#waiting.length === 0) this.#seal();
      const oldest = this.#waiting[0];
      if (oldest !== undefined && this.#handOver(oldest)) {
        this.#waiting.shift();
        continue;
      }
      if (!this.#dropOldest(oldest ?? this.#current)) break;
      warn(`more than ${maxQueued} reports wait for the agent: the oldest are dropped`);
    }
  }

  #dropOldest(segment: ReportSegment): boolean {
    const dropped = segment.lines.shift();
    if (dropped === undefined) return false;
    this.#deps.losses.noteLine(dropped, "too many reports waited for the agent in memory");
    segment.characters -= dropped.length;
    if (segment.written > 0) segment.written--;
    if (segment.lines.length === 0 && segment === this.#waiting[0]) this.#waiting.shift();
    this.#deps.stats.queued--;
    this.#deps.stats.dropped++;
    return true;
  }
}
