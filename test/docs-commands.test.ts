/** The `timelatch` commands that documents name are commands of the program, with its options. */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { buildProgram } from "../cli/program.ts";
import { processScreen } from "../cli/terminal/screen.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const DOCUMENTS = [
  ...["README.md", "terraform/README.md"],
  ...globSync("docs/*.md", { cwd: ROOT }),
].sort();

/**
 * Command lines in blocks and between backticks; a line that ends in `\` goes on. In a console,
 * only the typed lines count.
 */
const commandsIn = (text: string): readonly string[] =>
  [...text.matchAll(/^```(sh|console)\n([\s\S]*?)^```|`(timelatch [^`\n]+)`/gm)]
    .flatMap(([, kind, block, inline]) => {
      const lines = (block ?? inline ?? "").replace(/\\\n\s*/g, "").split("\n");
      return kind === "console" ? lines.filter((line) => /^[a-z]*\$ /.test(line)) : lines;
    })
    .map((line) => /(?:^|\s)(timelatch [a-z].*)$/.exec(line.replace(/\s+#.*$/, ""))?.[1] ?? "")
    .filter((line) => line !== "" && !line.startsWith("timelatch is"));

/** The part of a command line that the program does not know; undefined if it knows all. */
function unknownIn(line: string, program: Command): string | undefined {
  const words = line.match(/"[^"]*"|\S+/g)?.slice(1) ?? [];
  let at = program;
  for (const word of words) {
    if (word.startsWith("-")) break;
    const next = at.commands.find((command) => command.name() === word);
    if (!next) break;
    at = next;
  }
  if (at === program) return line;
  const known = [...at.options, ...program.options].flatMap(({ long, short }) => [long, short]);
  const help = ["--help", "-h"];
  return words.find(
    (word) => /^-{1,2}[a-z]/.test(word) && !known.includes(word) && !help.includes(word),
  );
}

describe("timelatch commands in documents", () => {
  const program = buildProgram(processScreen({}), {});

  it.each(DOCUMENTS)("Every timelatch command in %s exists in the program", (file) => {
    const text = readFileSync(path.join(ROOT, file), "utf8");
    expect(commandsIn(text).filter((line) => unknownIn(line, program) !== undefined)).toEqual([]);
  });

  it("The check finds timelatch commands in documents, and one that does not exist", () => {
    const guide = readFileSync(path.join(ROOT, "docs/guide-auditor.md"), "utf8");
    expect(commandsIn(guide)).toContain("timelatch audit verify q4.ndjson");
    expect(unknownIn("timelatch audit verify --what q4.ndjson", program)).toBe("--what");
    expect(unknownIn("timelatch auditt", program)).toBe("timelatch auditt");
  });
});
