import type { CommandNode } from "./command-tree.ts";

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
const words = (list: readonly string[]) => `COMPREPLY=($(compgen -W ${quoted(list.join(" "))} -- "$cur"))`;

/** Needs bash alone, not the package bash-completion. Where nothing is known, file names are completed. */
export function bashCompletion(nodes: readonly CommandNode[]): string {
  const paths = nodes.filter(({ path }) => path !== "").map(({ path }) => quoted(path));
  const wraps = nodes.filter((node) => node.wraps).map(({ path }) => quoted(path));
  const values = nodes.flatMap(({ path, values: own }) =>
    own.map(({ option, choices }) => `    ${quoted(`${path} ${option}`)}) ${words(choices)}; return ;;`),
  );
  const free = nodes.flatMap(({ path, free: own }) => own.map((option) => quoted(`${path} ${option}`)));
  const args = nodes.flatMap(({ path, args: own }) =>
    own.flatMap((choices, place) =>
      choices === null ? [] : [`    ${quoted(`${path} ${place}`)}) ${words(choices)} ;;`],
    ),
  );
  const commands = nodes.map(({ path, commands: own, options }) => {
    const names = own.map(({ name }) => name);
    const line = names.length === 0 ? ":" : words(names);
    return `    ${quoted(path)}) if [[ $cur == -* ]]; then ${words(options.map(({ name }) => name))}; else ${line}; fi ;;`;
  });
  return `# Completion of sluice in bash. Made by "sluice completion bash"; to have it in every shell:
#   sluice completion bash > ~/.local/share/bash-completion/completions/sluice
_sluice() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} at="" place=0 i word
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ $word == -- ]]; then
      case $at in
        ${wraps.join(" | ")}) ((i == COMP_CWORD - 1)) && COMPREPLY=($(compgen -c -- "$cur")); return ;;
      esac
    fi
    case "\${at:+$at }$word" in
      ${paths.join(" | ")}) at="\${at:+$at }$word"; place=0 ;;
      *) case "$at \${COMP_WORDS[i - 1]}" in
          ${[...free, ...valueOptions(nodes)].join(" | ")}) ;;
          *) [[ $word == -* ]] || ((place++)) ;;
        esac ;;
    esac
  done
  case "$at $prev" in
${values.join("\n")}
    ${free.join(" | ")}) return ;;
  esac
  case $at in
${commands.join("\n")}
  esac
  if [[ $cur != -* && \${#COMPREPLY[@]} == 0 ]]; then
    case "$at $place" in
${args.join("\n")}
    esac
  fi
}
complete -o default -F _sluice sluice`;
}

function valueOptions(nodes: readonly CommandNode[]): string[] {
  return nodes.flatMap(({ path, values }) => values.map(({ option }) => quoted(`${path} ${option}`)));
}
