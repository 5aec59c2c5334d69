/** Completion scripts for shells, written from the tree of commands. */
import { CACHE_FUNCTION } from "./cache-function.ts";
import type { CommandNode, Flag, Value } from "./command-tree.ts";
import { pathsOfManyFiles, withDescendants } from "./command-tree.ts";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/**
 * A script that completes commands, options and values. Values that only the API knows come from
 * cache files at once. A refresh runs in the background, once a minute at most.
 */
export const completionScript = (shell: Shell, root: CommandNode): string => SCRIPTS[shell](root);

const SCRIPTS: Readonly<Record<Shell, (root: CommandNode) => string>> = { bash, zsh, fish };

const spellings = ({ long, short }: Flag) => (short === undefined ? [long] : [long, short]);

interface Taker {
  /** The command's path and the option's spelling: `/audit/export/--format`. */
  readonly key: string;
  readonly value: Value;
}

/** Every option that takes a value, for every command. */
const takersIn = (root: CommandNode): readonly Taker[] =>
  withDescendants(root).flatMap(({ path, flags }) =>
    flags.flatMap((flag) => {
      const { value } = flag;
      return value ? spellings(flag).map((name) => ({ key: `${path}/${name}`, value })) : [];
    }),
  );

const descendantsOf = (root: CommandNode) => withDescendants(root).slice(1);
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** The case arms by which bash and zsh find the command on the line, word by word. */
const walk = (root: CommandNode) => `    case "$at/$word" in
      ${takersIn(root)
        .map(({ key }) => key)
        .join("|")}) taker=$word ;;
      ${descendantsOf(root)
        .map(({ path }) => path)
        .join("|")}) at="$at/$word" ;;
      */-*) ;;
      *) given=1 ;;
    esac`;

/** The case arms that complete files, choices and cached values; other text is not completed. */
const arms = (
  values: readonly Taker[],
  files: string,
  choices: (names: readonly string[]) => string,
  cached: (name: string) => string,
) =>
  values
    .flatMap(({ key, value }) => {
      if (value.file) return [`    ${key}) ${files} ;;`];
      if (value.choices.length > 0) return [`    ${key}) ${choices(value.choices)} ;;`];
      return value.cached === undefined ? [] : [`    ${key}) ${cached(value.cached)} ;;`];
    })
    .join("\n");

const choices = (names: readonly string[]) =>
  `_timelatch_offer ${names.map(quoted).join(" ")}; return`;

/** The first argument of every command; of later ones, only files are completed. */
const argumentsIn = (root: CommandNode): readonly Taker[] =>
  withDescendants(root).flatMap(({ path, args }) =>
    args.slice(0, 1).map((value) => ({ key: path, value })),
  );

function bash(root: CommandNode): string {
  const files =
    'type compopt >/dev/null 2>&1 && compopt -o filenames; while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$current"); return';
  const cached = (name: string) => `_timelatch_offer "$(_timelatch_cached ${name})"; return`;
  return `# timelatch for bash. In ~/.bashrc:  eval "$(timelatch completion bash)"
${CACHE_FUNCTION}
# What ends in a dash is the beginning of a name, and goes on.
_timelatch_offer() {
  COMPREPLY=($(compgen -W "$*" -- "$current"))
  [[ "\${COMPREPLY[0]-}" == *- ]] && type compopt >/dev/null 2>&1 && compopt -o nospace
}
_timelatch() {
  local at= taker= given= word commands= options= current=\${COMP_WORDS[COMP_CWORD]}
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    # In --option=value, bash takes the = for a word.
    [ -n "$taker" ] && { [ "$word" = = ] || taker=; continue; }
${walk(root)}
  done
  if [ -n "$taker" ]; then
    [ "$current" = = ] && current=
    case "$at/$taker" in
${arms(takersIn(root), files, choices, cached)}
    esac
    return
  fi
  case "$at" in
${withDescendants(root)
  .map(
    ({ path, children, flags }) =>
      `    ${quoted(path)}) commands=${quoted(children.map(({ name }) => name).join(" "))} options=${quoted(flags.flatMap(spellings).join(" "))} ;;`,
  )
  .join("\n")}
  esac
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$options" -- "$current")); return ;;
  esac
  [ -n "$given" ] && case "$at" in ${pathsOfManyFiles(root)}) ;; *) return ;; esac
  case "$at" in
${arms(argumentsIn(root), files, choices, cached)}
  esac
  COMPREPLY=($(compgen -W "$commands" -- "$current"))
}
complete -F _timelatch timelatch
`;
}

function zsh(root: CommandNode): string {
  const described = (pairs: readonly (readonly [name: string, description: string])[]) =>
    pairs.map(([name, text]) => quoted(`${name.replaceAll(":", "\\:")}:${text}`)).join(" ");
  const cached = (name: string) => `_timelatch_offer \${(f)"$(_timelatch_cached ${name})"}; return`;
  return `#compdef timelatch
# timelatch for zsh. In ~/.zshrc, after compinit:  eval "$(timelatch completion zsh)"
${CACHE_FUNCTION}
_timelatch_offer() {
  compadd -S '' -- "\${(@M)@:#*-}"
  compadd -- "\${(@)@:#*-}"
}
_timelatch() {
  local at= taker= given= word
  local -a commands options
  for word in "\${(@)words[2,CURRENT-1]}"; do
    [[ -n "$taker" ]] && { taker=; continue; }
${walk(root)}
  done
  if [[ -z "$taker" && "\${words[CURRENT]}" == --*=* ]]; then
    taker="\${words[CURRENT]%%=*}"
    compset -P '*='
  fi
  if [[ -n "$taker" ]]; then
    case "$at/$taker" in
${arms(takersIn(root), "_files; return", choices, cached)}
    esac
    return
  fi
  case "$at" in
${withDescendants(root)
  .map(
    ({ path, children, flags }) =>
      `    ${quoted(path)}) commands=(${described(children.map(({ name, description }) => [name, description]))}) options=(${described(flags.flatMap((flag) => spellings(flag).map((name) => [name, flag.description] as const)))}) ;;`,
  )
  .join("\n")}
  esac
  if [[ "\${words[CURRENT]}" == -* ]]; then
    _describe -o option options
    return
  fi
  [[ -n "$given" ]] && case "$at" in ${pathsOfManyFiles(root)}) ;; *) return ;; esac
  case "$at" in
${arms(argumentsIn(root), "_files; return", choices, cached)}
  esac
  _describe command commands
}
if [[ "\${funcstack[1]}" == _timelatch ]]; then _timelatch "$@"; else compdef _timelatch timelatch; fi
`;
}

function fish(root: CommandNode): string {
  const line = (path: string, rest: string, where: "in" | "first" = "in") =>
    `complete -c timelatch -n '__timelatch_${where} "${path}"' ${rest}`;
  const choices = ({ choices: names, cached }: Value) =>
    names.length > 0
      ? ` -a ${quoted(names.join(" "))}`
      : cached === undefined
        ? ""
        : ` -a '(__timelatch_cached ${cached})'`;
  const valueText = (value: Value | undefined) =>
    value === undefined ? "" : value.file ? " -r -F" : ` -x${choices(value)}`;
  const flagText = (flag: Flag) =>
    `-l ${flag.long.slice(2)}${flag.short ? ` -s ${flag.short.slice(1)}` : ""}${valueText(flag.value)} -d ${quoted(flag.description)}`;
  const argumentText = (value: Value) =>
    value.file ? ["-F"] : choices(value) === "" ? [] : [choices(value).trim()];
  return `# timelatch for fish. In ~/.config/fish/config.fish:  timelatch completion fish | source
function __timelatch_at
  set -l at ''
  set -l skip ''
  set -l given ''
  for word in (commandline -opc)[2..-1]
    if test -n "$skip"
      set skip ''
      continue
    end
    switch "$at/$word"
      case ${takersIn(root)
        .map(({ key }) => quoted(key))
        .join(" ")}
        set skip 1
      case ${descendantsOf(root)
        .map(({ path }) => quoted(path))
        .join(" ")}
        set at "$at/$word"
      case '*/-*'
      case '*'
        set given 1
    end
  end
  printf '%s\\n' "$at" "$given"
end
function __timelatch_in
  set -l here (__timelatch_at)
  test "$here[1]" = "$argv[1]"
end
function __timelatch_first
  set -l here (__timelatch_at)
  test "$here[1]" = "$argv[1]"; and test -z "$here[2]"
end
function __timelatch_cached
  set -l cache "$XDG_CACHE_HOME"
  test -n "$cache"; or set cache "$HOME/.cache"
  set -l folder "$cache/timelatch/"(string replace -ra '[^A-Za-z0-9.-]' _ "$AWS_PROFILE@$TIMELATCH_API@$TIMELATCH_PROFILE")
  test -r "$folder/$argv[1]"; and cat "$folder/$argv[1]"
  test -n "$(find "$folder/.asked" -mmin -1 2>/dev/null)"; and return
  mkdir -p "$folder"; and touch "$folder/.asked"
  timelatch refresh-completion </dev/null >/dev/null 2>&1 &
  disown
end
complete -c timelatch -f
${withDescendants(root)
  .flatMap(({ path, children, flags, args, manyFiles }) => [
    ...children.map(({ name, description }) =>
      line(path, `-a ${name} -d ${quoted(description)}`, "first"),
    ),
    ...flags.map((flag) => line(path, flagText(flag))),
    ...args
      .slice(0, 1)
      .flatMap(argumentText)
      .map((text) => line(path, text, manyFiles ? "in" : "first")),
  ])
  .join("\n")}
`;
}
