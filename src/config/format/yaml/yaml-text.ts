import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from "yaml";
import { nfcValues } from "../../../domain/words/nfc.ts";
import type { ConfigProblems } from "../problems.ts";

/** A path into a document: keys, and positions in lists. */
export type Path = readonly (string | number)[];

/** Past this many mistakes it is another kind of text. */
const MOST_ERRORS = 20;

/** A parsed YAML text that knows where each value stands. */
export class YamlText {
  readonly name: string;
  /** Plain objects and arrays; null when the text is empty or no YAML. */
  readonly value: unknown;
  readonly #document: Document;
  readonly #lines = new LineCounter();
  #mistakes = 0;

  constructor(name: string, text: string, problems: ConfigProblems) {
    this.name = name;
    this.#document = parseDocument(text, {
      lineCounter: this.#lines,
      prettyErrors: false,
      stringKeys: true,
      // Each key of a map would be held against each other one: see #checkKeys.
      uniqueKeys: false,
      logLevel: "error",
    });
    const before = problems.found.length;
    for (const { code, message, pos } of [...this.#document.errors, ...this.#document.warnings]) {
      this.#add(problems, pos[0], sentence(code, message));
    }
    this.#checkAliases(problems);
    this.#checkKeys(problems);
    this.value = problems.found.length === before ? nfcValues(this.#toValue(problems)) : null;
  }

  /** file:line:column of a value, or of its key. */
  where(path: Path, part: "key" | "value" = "value"): string {
    let node: unknown = this.#document.contents;
    let offset = offsetOf(node) ?? 0;
    for (const [depth, step] of path.entries()) {
      if (isAlias(node)) node = node.resolve(this.#document);
      const last = depth === path.length - 1;
      if (isMap(node)) {
        const pair = node.items.find(({ key }) => isScalar(key) && key.value === step);
        if (pair === undefined) break;
        offset = (last && part === "key" ? undefined : offsetOf(pair.value)) ?? offsetOf(pair.key) ?? offset;
        node = pair.value;
      } else if (isSeq(node)) {
        node = node.items[Number(step)];
        offset = offsetOf(node) ?? offset;
      } else break;
    }
    return this.#at(offset);
  }

  /** Whether there is a key, and nothing behind it. */
  isBlank(path: Path): boolean {
    const node = this.#document.getIn(path, true);
    return isScalar(node) && node.value === null && (node.source ?? "") === "";
  }

  #add(problems: ConfigProblems, offset: number, message: string): void {
    if (++this.#mistakes <= MOST_ERRORS) problems.add(this.#at(offset), message);
  }

  #toValue(problems: ConfigProblems): unknown {
    try {
      return this.#document.toJS();
    } catch (error) {
      // Aliases of aliases that would expand without end.
      problems.add(this.#at(0), sentence("", error instanceof Error ? error.message : String(error)));
      return null;
    }
  }

  #at(offset: number): string {
    const { line, col } = this.#lines.linePos(offset);
    return `${this.name}:${line}:${col}`;
  }

  #checkKeys(problems: ConfigProblems): void {
    visit(this.#document, {
      Map: (_key, map) => {
        const seen = new Set<unknown>();
        for (const { key } of map.items) {
          if (!isScalar(key)) continue;
          if (seen.has(key.value)) {
            this.#add(problems, offsetOf(key) ?? 0, sentence("DUPLICATE_KEY", ""));
          }
          seen.add(key.value);
        }
      },
    });
  }

  #checkAliases(problems: ConfigProblems): void {
    visit(this.#document, {
      Alias: (_key, alias) => {
        if (alias.resolve(this.#document) !== undefined) return;
        this.#add(problems, offsetOf(alias) ?? 0, sentence("BAD_ALIAS", ""));
      },
    });
  }
}

function offsetOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}

function sentence(code: string, message: string): string {
  switch (code) {
    case "DUPLICATE_KEY":
      return "this key is there twice";
    case "TAB_AS_INDENT":
      return "a tab indents this line; use spaces";
    case "MULTIPLE_DOCS":
      return "a second document starts here (---); there must be one only";
    case "BAD_ALIAS":
      return 'a value that starts with * must be quoted, such as "*" or "*_daily"';
    default:
      return `this is not valid YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)} (a text with special characters needs quotes)`;
  }
}
