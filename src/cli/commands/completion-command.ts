import { Argument } from "commander";
import { oneOf } from "../arguments.ts";
import type { CommandLine } from "./command-line.ts";

const COMPLETION = `
Examples:
  source <(sluice completion bash)
  sluice completion bash > ~/.local/share/bash-completion/completions/sluice
  sluice completion zsh > "\${fpath[1]}/_sluice"
  sluice completion fish > ~/.config/fish/completions/sluice.fish
`;

const SHELLS = ["bash", "zsh", "fish"] as const;

export function completionCommand({ program, edge, done }: CommandLine): void {
  program
    .command("completion")
    .description("print a script with which a shell completes the commands and options of sluice")
    .addArgument(new Argument("<shell>", "whose").choices(SHELLS).argParser(oneOf("SHELL", SHELLS)))
    .addHelpText("after", COMPLETION)
    .action(async (shell: (typeof SHELLS)[number]) =>
      done((await import("../completion/completion.ts")).completion(shell, program, edge)),
    );
}
