import type { SegmentFile } from "../spool/segment-file.ts";

/** So that a segment is one request. */
const MOST_LINES = 1000;
const MOST_CHARACTERS = 512 * 1024;

/** Reports that travel together: held in memory until the agent has them or a finished file does. */
export class ReportSegment {
  readonly id: string;
  readonly lines: string[] = [];
  characters = 0;
  file: SegmentFile | null = null;
  /** How many of the lines the file holds. */
  written = 0;

  constructor(id: string) {
    this.id = id;
  }

  add(line: string): void {
    this.lines.push(line);
    this.characters += line.length;
  }

  /** What is left of it to send; its file, where it holds the segment whole, stays as it is. */
  replace(lines: readonly string[]): void {
    const wasWhole = this.written === this.lines.length;
    this.lines.splice(0, this.lines.length, ...lines);
    this.written = wasWhole ? lines.length : 0;
  }

  get full(): boolean {
    return this.lines.length >= MOST_LINES || this.characters >= MOST_CHARACTERS;
  }

  /** Appends what the file lacks. false: the disk would not take it. */
  write(): boolean {
    if (this.file === null) return false;
    if (this.written === this.lines.length) return true;
    const text = this.written === 0 ? this.lines : this.lines.slice(this.written);
    if (!this.file.append(`${text.join("\n")}\n`)) return false;
    this.written = this.lines.length;
    return true;
  }
}
