/** Every `timelatch` command in the guides is one that the command line accepts. */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { buildProgram } from "../../cli/program.ts";
import { fakeTerminal } from "./fake-terminal.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const FILES = globSync("docs/guide-{requester,approver}.md", { cwd: ROOT }).sort();

/** Stops a command line that was accepted, before it does anything. */
class Accepted extends Error {}

/** The commands in code blocks, without comments and what they are piped to. */
const commandsIn = (file: string): readonly string[] =>
  [...readFileSync(path.join(ROOT, file), "utf8").matchAll(/^ *```\w*\n([\s\S]*?)^ *```$/gm)]
    .flatMap(([, block = ""]) => block.split("\n"))
    .flatMap((line) => /\btimelatch [^#|)]*/.exec(line)?.[0].trim() ?? [])
    .map((line) => line.replace(/"$/, (quote) => (line.split('"').length % 2 === 0 ? "" : quote)));

const wordsOf = (line: string) =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "").slice(1);

async function parse(line: string): Promise<unknown> {
  const program = buildProgram(fakeTerminal().context.screen, {});
  program.hook("preAction", () => {
    throw new Accepted();
  });
  return program.parseAsync(wordsOf(line), { from: "user" }).catch((error: unknown) => error);
}

describe.each(FILES)("%s", (file) => {
  it.each(commandsIn(file))("The command line in a guide is right: %s", async (line) => {
    expect(await parse(line)).toBeInstanceOf(Accepted);
  });
});

describe("The check of the guides", () => {
  it("The check of the guides reads both guides", () => {
    expect(FILES).toHaveLength(2);
    for (const file of FILES) expect(commandsIn(file).length).toBeGreaterThan(6);
  });

  it("The check of the guides finds an option and a command that do not exist", async () => {
    for (const line of ["timelatch list --everyone", "timelatch lits"])
      expect(await parse(line)).not.toBeInstanceOf(Accepted);
  });
});
