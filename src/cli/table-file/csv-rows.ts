import { TableError } from "./table-file.ts";

/** A row longer than this is a quote that was never closed. */
const LONGEST_ROW = 1 << 24;

const QUOTE = 34;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/**
 * RFC 4180 with any delimiter, LF or CRLF, a part of the text at a time: quoted cells may hold delimiters, line breaks and
 * doubled quotes. Empty lines are passed over.
 */
export class CsvRows {
  readonly #delimiter: number;
  readonly #visit: (cells: string[], line: number) => void;
  #rest = "";
  #line = 1;

  /** `line` is the one on which the row begins, from 1. */
  constructor(delimiter: string, visit: (cells: string[], line: number) => void) {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#visit = visit;
  }

  push(chunk: string): void {
    this.#rest = this.#take(this.#rest + chunk, false);
    if (this.#rest.length > LONGEST_ROW) {
      throw new TableError(`line ${this.#line}: the row is longer than 16 MiB; is a quote not closed?`);
    }
  }

  end(): void {
    if (this.#rest !== "") this.#take(`${this.#rest}\n`, true);
    this.#rest = "";
  }

  /** Visits the whole rows, answers what is left of the last one. */
  #take(text: string, last: boolean): string {
    let start = 0;
    for (;;) {
      const row = this.#row(text, start);
      if (row === null) {
        if (last && start < text.length) throw new TableError(`line ${this.#line}: a quote is not closed`);
        return text.slice(start);
      }
      const { cells, end, lines } = row;
      if (!(cells.length === 1 && cells[0] === "" && end - start <= 2)) this.#visit(cells, this.#line);
      this.#line += lines;
      start = end;
      if (start === text.length) return "";
    }
  }

  /** null: the text ends within the row. */
  #row(text: string, start: number): { cells: string[]; end: number; lines: number } | null {
    const cells: string[] = [];
    let lines = 1;
    let at = start;
    for (;;) {
      const quoted = text.charCodeAt(at) === QUOTE;
      let cell = "";
      if (quoted) {
        const close = closingQuote(text, at + 1);
        if (close === -1) return null;
        cell = text.slice(at + 1, close);
        if (cell.includes('"')) cell = cell.replaceAll('""', '"');
        if (cell.includes("\n")) lines += cell.split("\n").length - 1;
        at = close + 1;
      }
      const from = at;
      let code = text.charCodeAt(at);
      // NaN past the end of the text.
      while (code >= 0 && code !== this.#delimiter && code !== LINE_FEED) code = text.charCodeAt(++at);
      if (Number.isNaN(code)) return null;
      const end = code === LINE_FEED && at > from && text.charCodeAt(at - 1) === CARRIAGE_RETURN ? at - 1 : at;
      if (quoted && end > from) {
        throw new TableError(`line ${this.#line}: text follows the closing quote of cell ${cells.length + 1}`);
      }
      cells.push(quoted ? cell : text.slice(from, end));
      at++;
      if (code === LINE_FEED) return { cells, end: at, lines };
    }
  }
}

/** -1: not there, or at the very end of the text, where the next part may double it. */
function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at !== -1 && at + 1 < text.length; at = text.indexOf('"', at + 2)) {
    if (text.charCodeAt(at + 1) !== QUOTE) return at;
  }
  return -1;
}
