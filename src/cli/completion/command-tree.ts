import type { Command, Option } from "commander";

export interface Word {
  name: string;
  description: string;
}

/** One command as a shell completes it. */
export interface CommandNode {
  /** "" for the program itself, else `report run`. */
  path: string;
  commands: Word[];
  options: Word[];
  /** By the option's name, of those that have a closed list of values. */
  values: { option: string; choices: readonly string[] }[];
  /** Options after which a value stands that only the user knows. */
  free: string[];
  /** Closed lists of its arguments, by place; null: anything. */
  args: (readonly string[] | null)[];
  /** A command of the user's follows after `--`. */
  wraps: boolean;
}

/** Every command of the program, the program itself first. */
export function commandTree(program: Command): CommandNode[] {
  const visit = (command: Command, path: string): CommandNode[] => [
    nodeOf(command, path),
    ...command.commands.flatMap((child) => visit(child, `${path} ${child.name()}`.trim())),
  ];
  return visit(program, "");
}

function nodeOf(command: Command, path: string): CommandNode {
  const options = command.createHelp().visibleOptions(command);
  const takesValue = (option: Option) => option.required || option.optional;
  const longOf = (option: Option) => option.long ?? option.short ?? option.flags;
  return {
    path,
    commands: command.commands.map((child) => ({ name: child.name(), description: child.description() })),
    options: options.map((option) => ({ name: longOf(option), description: option.description })),
    values: options.flatMap((option) =>
      option.argChoices === undefined ? [] : [{ option: longOf(option), choices: option.argChoices }],
    ),
    free: options.filter((option) => takesValue(option) && option.argChoices === undefined).map(longOf),
    args: command.registeredArguments.map(({ argChoices }) => argChoices ?? null),
    wraps: command.registeredArguments.at(-1)?.name() === "command",
  };
}
