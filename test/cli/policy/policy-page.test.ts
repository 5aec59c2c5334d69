/** docs/policy.md: its blocks build a policy, and its commands are run on it. */
import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCommandLine } from "../../../cli/run-command-line.ts";
import type { Stream } from "../../../cli/terminal/screen.ts";
import { checkAccessFile } from "../../../shared/policy-tools/check-file.ts";

const PAGE = path.resolve(import.meta.dirname, "../../../docs/policy.md");
const BLOCK = /^```(yaml|console)\n([\s\S]*?)^```$/gm;
const COLUMNS = 96;

const home = process.cwd();
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "timelatch-page-"));
  process.chdir(folder);
  writeFileSync("access.yaml", "");
});
afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

/**
 * A path that does not depend on the working directory: a test that takes too long goes on after it
 * was given up.
 */
const inFolder = (name = "") => path.join(folder, name);

/** The output of a command at a terminal, on both streams. */
async function printed(line: string): Promise<string> {
  const [, program = "", rest = ""] = /^(\S+) (.*)$/.exec(line) ?? [];
  const args = [...rest.matchAll(/"([^"]*)"|(\S+)/g)].map(
    ([, quoted, bare]) => quoted ?? bare ?? "",
  );
  if (program === "cp") copyFileSync(inFolder(args[0]), inFolder(args[1]));
  if (program === "sed") execFileSync("sed", args, { cwd: folder });
  if (program !== "timelatch") return "";
  let text = "";
  const stream: Stream = {
    columns: COLUMNS,
    rows: Number.POSITIVE_INFINITY,
    terminal: true,
    write: (more) => {
      text += more;
    },
    paint: (_style, plain) => plain,
  };
  await runCommandLine(args, { out: stream, err: stream, interactive: false }, {});
  return text;
}

/** A block with the output that its commands have now; a file's part is added to the file. */
async function played(kind: string, content: string): Promise<string> {
  if (kind === "yaml") {
    const name = content.startsWith("# access.test.yaml\n") ? "access.test.yaml" : "access.yaml";
    appendFileSync(inFolder(name), content);
    return content;
  }
  const outputs: string[] = [];
  for (const line of content.split("\n").filter((each) => each.startsWith("$ ")))
    outputs.push(`${line}\n${await printed(line.slice(2))}`);
  return outputs.join("");
}

describe("docs/policy.md", () => {
  it("docs/policy.md shows what its commands print, and ends with six rules in which nothing is wrong", async () => {
    const page = readFileSync(PAGE, "utf8");
    const blocks = [...page.matchAll(BLOCK)];
    let now = "";
    let end = 0;
    for (const { 0: whole, 1: kind = "", 2: content = "", index } of blocks) {
      now += `${page.slice(end, index)}\`\`\`${kind}\n${await played(kind, content)}\`\`\``;
      end = index + whole.length;
    }
    await expect(now + page.slice(end)).toMatchFileSnapshot(PAGE);
    const policy = readFileSync("access.yaml", "utf8");
    expect(policy.match(/^ {2}- name: /gm)).toHaveLength(6);
    expect(checkAccessFile(policy)).toEqual([]);
    expect(blocks.filter(([, kind]) => kind === "console").length).toBeGreaterThan(8);
  });
});
