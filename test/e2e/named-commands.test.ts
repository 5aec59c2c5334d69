/**
 * The commands of AWS that the documents' sentences name, beside those in blocks: the AWS CLI knows each, and
 * its options. Many lack what only the reader has, so that they cannot be run.
 */
import { execFile } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { commandFolder } from "./bundled-command.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** Command lines between backticks, each with its service and operation, without what a pipe does with the answer. */
const namedIn = (text: string): readonly string[] => {
  const sentences = text.replace(/^ *```[\s\S]*?^ *```/gm, "").replace(/\s+/g, " ");
  return [...sentences.matchAll(/`(aws [a-z][\w-]* [a-z][^`…]*)`/g)].map(([, command = ""]) =>
    command.replace(/ \\?\| .*$/, ""),
  );
};

const NAMED = ["*.md", "docs/**/*.md"]
  .flatMap((files) => globSync(files, { cwd: ROOT }))
  .map((file): [string, readonly string[]] => [
    file,
    namedIn(readFileSync(path.join(ROOT, file), "utf8")),
  ])
  .filter(([, commands]) => commands.length > 0);

/**
 * The AWS CLI's words about commands of its own, which require their arguments all the same, or
 * lack that option.
 */
const KNOWN = /the following arguments are required|^Unknown options: --generate-cli-skeleton$/m;

/** The part of a command that the AWS CLI does not know; undefined if it knows all. */
async function faultOf(command: string): Promise<string | undefined> {
  // With it a command calls nothing, and needs no arguments.
  const line = `${command.replace(/<[^>]*>|\$\w+/g, "placeholder")} --generate-cli-skeleton`;
  const env = {
    PATH: `${commandFolder()}:/usr/bin:/bin`,
    ...{ HOME: "/nonexistent", AWS_REGION: "us-west-2" },
  };
  try {
    await promisify(execFile)("bash", ["-c", line], { env });
    return undefined;
  } catch (error) {
    const { stderr = "" } = error as { readonly stderr?: string };
    return KNOWN.test(stderr) ? undefined : `${command}: ${stderr}`;
  }
}

describe("Commands of AWS in sentences", () => {
  it.each(NAMED)("The AWS CLI knows each command that %s names", async (_file, commands) => {
    const faults = await Promise.all(commands.map(faultOf));
    expect(faults.filter((fault) => fault !== undefined)).toEqual([]);
  });

  it("The check finds an operation and an option that do not exist", async () => {
    expect(await faultOf("aws sqs redrive")).toContain("Invalid choice");
    expect(await faultOf("aws sqs list-queues --colour red")).toContain("--colour");
    expect(await faultOf("aws sqs list-queues")).toBeUndefined();
    expect(namedIn("`aws sqs\nlist-queues \\| jq .` and `aws sqs`")).toEqual([
      "aws sqs list-queues",
    ]);
  });
});
