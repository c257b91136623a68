export interface Step {
  /** Where it stands, for messages. */
  line: number;
  command: string;
  /** What it says, standard output and standard error together, with placeholders. */
  output: string;
  exit_code: number;
}

/**
 * A session as a person sees it:
 *
 *     # a remark
 *     $ sluice version
 *     sluice <version>
 *     $ sluice gate orders_daily
 *     …
 *     [exit 20]
 *
 * A line that ends in a backslash goes on in the next one. Without [exit n] the exit code is 0.
 */
export function readTranscript(text: string): Step[] {
  const steps: Step[] = [];
  const lines = text.split("\n");
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    if (line.startsWith("$ ")) {
      let command = line.slice(2);
      const at = i + 1;
      while (command.endsWith("\\")) command += `\n${lines[++i]!.replace(/^> /, "")}`;
      steps.push({ line: at, command, output: "", exit_code: 0 });
      continue;
    }
    const step = steps.at(-1);
    const exit = /^\[exit (\d+)\]$/.exec(line);
    if (step === undefined || line.startsWith("# ")) continue;
    if (exit !== null) step.exit_code = Number(exit[1]);
    else step.output += `${line}\n`;
  }
  return steps.map((step) => ({ ...step, output: step.output.trimEnd() }));
}

const PLACEHOLDERS: Readonly<Record<string, string>> = {
  time: String.raw`\d{4}-\d\d-\d\dT[\d:.]+Z`,
  id: String.raw`[\w.+-]+`,
  version: String.raw`[\w.+-]+`,
  number: String.raw`-?[\d.]+(?:e-?\d+)?`,
  url: String.raw`https?://[\w.:\[\]-]+`,
  path: String.raw`/[\w./-]+`,
  any: ".*",
};

/** What was said, with each line that fits its placeholders written as the transcript has it: the rest shows in a comparison. */
export function normalised(actual: string, expected: string): string {
  const wanted = expected.split("\n");
  return actual
    .trimEnd()
    .split("\n")
    .map((line, i) => (wanted[i] !== undefined && fits(line.trimEnd(), wanted[i]) ? wanted[i] : line.trimEnd()))
    .join("\n");
}

function fits(line: string, pattern: string): boolean {
  const source = pattern
    .split(/(<\w+>)/)
    .map((part) => {
      const name = /^<(\w+)>$/.exec(part)?.[1];
      return (name !== undefined && PLACEHOLDERS[name]) || part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    })
    .join("");
  return new RegExp(`^${source}$`).test(line);
}

/** The words of a line that any shell would take as they stand, quotes aside; null where a shell has something to do. */
export function plainWords(command: string): string[] | null {
  if (/[|&;<>$`\\*?~#()\n]/.test(command) || /^\w+=/.test(command)) return null;
  const words = command.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? [];
  return words.map((word) => word.replaceAll(/"([^"]*)"|'([^']*)'/g, "$1$2"));
}
