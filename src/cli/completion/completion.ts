import type { Command } from "commander";
import type { Edge } from "../edge.ts";
import { bashCompletion } from "./bash.ts";
import { commandTree } from "./command-tree.ts";
import { fishCompletion } from "./fish.ts";
import { zshCompletion } from "./zsh.ts";

export const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

export function completion(shell: keyof typeof SHELLS, program: Command, edge: Edge): number {
  edge.out(SHELLS[shell](commandTree(program)));
  return 0;
}
