/**
 * The console blocks of a document. The document is the script: its commands are played as they
 * stand, and what they print is written beneath them.
 */

/** One command as the document has it, and what it prints. */
export interface Exchange {
  /** The person at the terminal, as the prompt says (`alice$ `); empty if it names nobody. */
  readonly person: string;
  /** Without the prompt; over several lines where it ends in `\`. */
  readonly command: string;
  readonly output: string;
}

/** The parts of the document that are played, in its order. */
export type Passage =
  | { readonly kind: "console"; readonly exchanges: readonly Exchange[] }
  /** `<!-- until: alice$ COMMAND -->`: what follows is played once the command succeeds. */
  | { readonly kind: "until"; readonly person: string; readonly command: string };

const PASSAGE = /^```console\n([\s\S]*?)^```$|^<!-- until: (.*) -->$/gm;
const PROMPT = /^([a-z]*)\$ /;

/** A line of a terminal, without its prompt. */
function typed(line: string): { readonly person: string; readonly command: string } {
  const [prompt = "", person = ""] = PROMPT.exec(line) ?? [];
  return { person, command: line.slice(prompt.length) };
}

/** The passages of a document. */
export const passagesOf = (document: string): readonly Passage[] =>
  [...document.matchAll(PASSAGE)].map(([, block, command]) =>
    block === undefined
      ? { kind: "until", ...typed(command ?? "") }
      : { kind: "console", exchanges: exchangesOf(block) },
  );

function exchangesOf(block: string): readonly Exchange[] {
  return block.split(/^(?=[a-z]*\$ )/m).map((text) => {
    const lines = text.trimEnd().split("\n");
    const last = lines.findIndex((line) => !line.endsWith("\\"));
    return {
      ...typed(lines.slice(0, last + 1).join("\n")),
      output: lines.slice(last + 1).join("\n"),
    };
  });
}

/** The document with the passages of a run in place of its own, in the same order. */
export function withPassages(document: string, played: readonly Passage[]): string {
  const next = played.values();
  return document.replace(PASSAGE, (whole) => {
    const passage = next.next().value;
    return passage === undefined ? whole : passageText(passage);
  });
}

function passageText(passage: Passage): string {
  if (passage.kind === "until") return `<!-- until: ${passage.person}$ ${passage.command} -->`;
  const text = passage.exchanges.map(({ person, command, output }) =>
    [`${person}$ ${command}`, ...(output === "" ? [] : [output])].join("\n"),
  );
  return `\`\`\`console\n${text.join("\n")}\n\`\`\``;
}
