import { ASKERS } from "./askers.ts";

/** What one scenario came to: the decision and its reasons, and who may go on. */
export interface Row {
  what: string;
  reasons: string[];
  cells: Record<string, "open" | "closed">;
}

const HEAD = `# No evidence is no pass

Evidence may be missing, old, refused, dropped on its way, or of something else. This is what a gate with the default policy
makes of it, whoever asks. A test arranges each row with a real agent, asks in each of these ways, and writes this page: no cell
is open but those of the first two rows.

The TypeScript and the Python client are asked with \`onUnreachable: "block"\` / \`on_unreachable="block"\`, the command line with
\`--ok-if-allowed\`. With "allow" an agent that cannot be reached lets the step go on: that is the caller's own choice. A task in
Airflow asks with the Python client.
`;

export function tableOf(rows: readonly Row[]): string {
  const askers = Object.keys(ASKERS);
  const lines = rows.map(({ what, reasons, cells }) => {
    const [decision, ...codes] = reasons;
    const said = decision === undefined ? "" : [decision, ...codes.map((code) => `\`${code}\``)].join(" ");
    return `| ${what} | ${said} | ${askers.map((asker) => cells[asker]).join(" | ")} |`;
  });
  const head = `| evidence | decision, reasons | ${askers.join(" | ")} |`;
  const rule = `|${" --- |".repeat(askers.length + 2)}`;
  return `${[HEAD, head, rule, ...lines].join("\n")}\n`;
}
