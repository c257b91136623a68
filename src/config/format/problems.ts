import { redact } from "./redact.ts";

/** `where` is the variable, or file:line:column of the YAML. */
export interface ConfigProblem {
  where: string;
  message: string;
}

/** Gathers what is wrong, so that it is told all at once. Secrets in a message are hidden. */
export class ConfigProblems {
  readonly found: ConfigProblem[] = [];

  add(where: string, message: string): void {
    const problem = { where, message: redact(message) };
    if (this.found.some((other) => other.where === where && other.message === problem.message)) return;
    this.found.push(problem);
  }
}

/** The configuration cannot be used. `message` has a line for each problem: variables first, then files from top to bottom. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[];
  /** What was noticed besides: a mistyped variable is often the reason. */
  readonly warnings: readonly string[];

  constructor(problems: readonly ConfigProblem[], warnings: readonly string[] = []) {
    const sorted = [...problems].sort(byPlace);
    const count = problems.length === 1 ? "an error" : `${problems.length} errors`;
    super(
      [`The configuration has ${count}:`, ...sorted.map(({ where, message }) => `  ${where}: ${message}`)].join("\n"),
    );
    this.name = "ConfigError";
    this.problems = sorted;
    this.warnings = warnings;
  }
}

function byPlace(a: ConfigProblem, b: ConfigProblem): number {
  const [x, y] = [place(a.where), place(b.where)];
  return x.file < y.file ? -1 : x.file > y.file ? 1 : x.line - y.line || x.column - y.column;
}

function place(where: string): { file: string; line: number; column: number } {
  const [, file = "", line, column] = /^(.*):(\d+):(\d+)$/.exec(where) ?? [];
  return { file, line: Number(line ?? 0), column: Number(column ?? 0) };
}
