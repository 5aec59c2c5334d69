/** Plays every command of the documents' blocks as their readers would, in one sandbox. */
import { globSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { commandFolder } from "./bundled-command.ts";
import { commandsIn } from "./documents/commands.ts";
import { playDocument, type Script } from "./documents/play.ts";
import { AUDIT_SCRIPTS, DAY_SCRIPTS, FUNCTIONS } from "./documents/scripts.ts";
import { openShell } from "./documents/shell.ts";
import { type SandboxProcess, startSandboxProcess } from "./sandbox-process.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const FOLDER = mkdtempSync(path.join(tmpdir(), "documents-"));
const LIMIT_MS = 6 * 60_000;

/** Documents whose commands are played by another test, or by a machine that has just been set up. */
const PLAYED_ELSEWHERE: Readonly<Record<string, string>> = {
  "README.md": ".ci/run and test/e2e/demo.test.ts",
  "CONTRIBUTING.md": ".ci/run and test/lab/simulation",
  "docs/chaos.md": "test/lab/chaos; a run takes minutes",
  "docs/events.md": "test/shared/aws/eventbridge/kept-events.test.ts",
  "docs/installing.md": "test/tools/package",
  "docs/walkthrough.md": "test/e2e/transcripts.test.ts",
  "docs/console.md": "console.test.ts and test/cli/console start it",
};

let sandbox: SandboxProcess | undefined;
afterAll(() => sandbox?.stop());

async function start(...options: string[]): Promise<SandboxProcess> {
  await sandbox?.stop();
  sandbox = await startSandboxProcess(["--dir", path.join(FOLDER, "sandbox"), ...options]);
  return sandbox;
}

/** Plays what each reader does, one reader after another, each in a home of their own. */
async function play(
  readers: readonly (readonly Script[])[],
  at: SandboxProcess,
): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const scripts of readers) {
    const shell = openShell(mkdtempSync(path.join(FOLDER, "reader-")));
    const token = new URL(at.slackPageUrl).searchParams.get("token");
    await shell.run(`. ${FOLDER}/sandbox/env; ROOT=${ROOT} SANDBOX=${FOLDER}/sandbox`);
    await shell.run(`PATH=${commandFolder()}:$PATH`);
    await shell.run(`SLACK_URL=${at.slackUrl} SLACK_TOKEN=${token}`);
    await shell.run(`SLACK_SIGNING_SECRET=${at.slackSigningSecret}`);
    await shell.run(FUNCTIONS);
    for (const script of scripts)
      for (const fault of await playDocument(script, shell))
        faults.push(`${script.document}: ${fault}`);
    await shell.close();
  }
  return faults;
}

describe("The commands of the documents", () => {
  it(
    "The commands of the guides, the runbook and the pages on Slack and the sandbox do what these say",
    async () => {
      expect(await play(DAY_SCRIPTS, await start("--minute-seconds", "2"))).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    "The commands of the pages for auditors do what these say, beside an archive with a sealed day",
    async () => {
      const later = await start("--minute-seconds", "1", "--clock", "archive=+93600s");
      expect(await play(AUDIT_SCRIPTS, later)).toEqual([]);
    },
    LIMIT_MS,
  );

  it("Each document with commands is played", () => {
    const documents = ["*.md", "docs/*.md"].flatMap((files) => globSync(files, { cwd: ROOT }));
    const withCommands = documents.filter(
      (file) => commandsIn(readFileSync(path.join(ROOT, file), "utf8")).length > 0,
    );
    const played = [...DAY_SCRIPTS, ...AUDIT_SCRIPTS].flat().map(({ document }) => document);
    expect([...played, ...Object.keys(PLAYED_ELSEWHERE)].sort()).toEqual(withCommands.sort());
  });
});
