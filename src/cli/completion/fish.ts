import type { CommandNode } from "./command-tree.ts";

const quoted = (text: string) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;

/** A line for each command, option and argument, each bound to the commands typed so far. */
export function fishCompletion(nodes: readonly CommandNode[]): string {
  const paths = nodes.filter(({ path }) => path !== "").map(({ path }) => quoted(path));
  const lines = nodes.flatMap(({ path, commands, options, values, free, args, wraps }) => {
    const at = `complete -c sluice -n ${quoted(`__sluice_at ${quoted(path)}`)}`;
    const choicesOf = new Map(values.map(({ option, choices }) => [option, choices]));
    return [
      ...commands.map(({ name, description }) => `${at} -f -a ${quoted(name)} -d ${quoted(description)}`),
      ...options.map(({ name, description }) => {
        const choices = choicesOf.get(name);
        const value = choices !== undefined ? ` -x -a ${quoted(choices.join(" "))}` : free.includes(name) ? " -r" : "";
        return `${at} -l ${name.replace(/^--/, "")}${value} -d ${quoted(description)}`;
      }),
      ...args.flatMap((choices) => (choices === null ? [] : [`${at} -f -a ${quoted(choices.join(" "))}`])),
      ...(wraps ? [`${at} -a '(__fish_complete_subcommand)'`] : []),
    ];
  });
  return `# Completion of sluice in fish. Made by "sluice completion fish"; to have it in every shell:
#   sluice completion fish > ~/.config/fish/completions/sluice.fish
function __sluice_at
  set -l at ''
  for word in (commandline -opc)[2..-1]
    set -l next (string trim "$at $word")
    if contains -- $next ${paths.join(" ")}
      set at $next
    end
  end
  test "$at" = "$argv[1]"
end
${lines.join("\n")}`;
}
