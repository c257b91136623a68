import type { CommandNode, Word } from "./command-tree.ts";

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
const described = ({ name, description }: Word) => quoted(`${name.replaceAll(":", "\\:")}:${description}`);

/** Commands and options with their descriptions; where nothing is known, file names. */
export function zshCompletion(nodes: readonly CommandNode[]): string {
  const paths = nodes.filter(({ path }) => path !== "").map(({ path }) => quoted(path));
  const values = nodes.flatMap(({ path, values: own }) =>
    own.map(
      ({ option, choices }) =>
        `    (${quoted(`${path} ${option}`)}) compadd -- ${choices.map(quoted).join(" ")}; return ;;`,
    ),
  );
  const free = nodes.flatMap(({ path, free: own }) => own.map((option) => quoted(`${path} ${option}`)));
  const wraps = nodes.filter((node) => node.wraps).map(({ path }) => quoted(path));
  const lists = nodes.map(({ path, commands, options }) => {
    const own = `known=(${options.map(described).join(" ")})`;
    const below = commands.length === 0 ? "" : `\n      below=(${commands.map(described).join(" ")})`;
    return `    (${quoted(path)})\n      ${own}${below} ;;`;
  });
  const args = nodes.flatMap(({ path, args: own }) => {
    const all = own.flatMap((choices) => choices ?? []);
    return all.length === 0 ? [] : [`    (${quoted(path)}) compadd -- ${all.map(quoted).join(" ")} ;;`];
  });
  return `#compdef sluice
# Completion of sluice in zsh. Made by "sluice completion zsh"; put it into a directory of $fpath as _sluice.
_sluice() {
  local at="" word
  local -a known below
  integer i
  for ((i = 2; i < CURRENT; i++)); do
    word=\${words[i]}
    if [[ $word == -- ]]; then
      case $at in
        (${wraps.join("|")}) shift $i words; ((CURRENT -= i)); _normal; return ;;
      esac
    fi
    case "\${at:+$at }$word" in
      (${paths.join("|")}) at="\${at:+$at }$word" ;;
    esac
  done
  case "$at \${words[CURRENT-1]}" in
${values.join("\n")}
    (${free.join("|")}) _files; return ;;
  esac
  case $at in
${lists.join("\n")}
  esac
  (( $#below )) && _describe command below
  case $at in
${args.join("\n")}
  esac
  [[ \${words[CURRENT]} == -* ]] && _describe option known || { (( $#below )) || _files; }
}
# Loaded from $fpath this file is the function itself; sourced it registers it.
if [[ \${funcstack[1]} == _sluice ]]; then _sluice "$@"; else compdef _sluice sluice; fi`;
}
