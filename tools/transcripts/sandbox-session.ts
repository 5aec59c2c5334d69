/** A sandbox of its own, as `npm run sandbox` starts it, and a shell beside it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "../..");
/** The reader's folder, in place of the one that is used here. */
const READERS_FOLDER = ".sandbox";
/** The last line of what the sandbox prints when it is ready. */
const LAST_LINE = /^Where to go on: .*$/m;

interface Outcome {
  readonly code: number | null;
  readonly text: string;
}

export interface SandboxSession {
  /** The output of the sandbox's start. */
  readonly welcome: string;
  /**
   * Runs one command line in a person's terminal, or in nobody's. @returns what it printed on both streams
   */
  run(command: string, person?: string): Promise<string>;
  /** As `run`, with the exit status. */
  outcome(command: string, person?: string): Promise<Outcome>;
  /** Whether a command succeeds; it prints nothing. */
  succeeds(command: string, person?: string): Promise<boolean>;
  /** Starts a command in a terminal of a person, which the program `script` gives it. */
  terminal(command: string, person: string): ChildProcess;
  stop(): Promise<void>;
}

/** @throws Error with what it printed if the sandbox ends before it is ready */
export async function startSandboxSession(): Promise<SandboxSession> {
  const home = mkdtempSync(path.join(tmpdir(), "timelatch-transcripts-"));
  const folder = path.join(home, ".sandbox");
  const sandbox = spawn(
    process.execPath,
    [path.join(ROOT, "lab/sandbox/main.ts"), "--dir", folder],
    {
      cwd: ROOT,
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  const printed = await untilWelcome(sandbox);
  // kubectl has nothing in its cache, as on a new machine.
  const settingOf = (person: string) => {
    const file = person === "" ? path.join(folder, "env") : path.join(folder, "as", person);
    return { cwd: home, env: { ...process.env, HOME: home, ENVIRONMENT_FILE: file } };
  };
  const shell = async (command: string, person = ""): Promise<Outcome> => {
    const child = spawn("sh", ["-c", `. "$ENVIRONMENT_FILE"; { ${command}\n} 2>&1`], {
      ...settingOf(person),
      stdio: ["ignore", "pipe", "ignore"],
    });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
    const [code] = (await once(child, "close")) as [number | null];
    return { code, text: text.trimEnd() };
  };
  return {
    welcome: shown(printed, folder),
    outcome: shell,
    run: async (command, person) => shown((await shell(command, person)).text, folder),
    terminal: (command, person) =>
      spawn("script", ["-qefc", `. "$ENVIRONMENT_FILE"; exec ${command}`, "/dev/null"], {
        ...settingOf(person),
        stdio: "pipe",
      }),
    succeeds: async (command, person) => (await shell(command, person)).code === 0,
    async stop() {
      const ended = once(sandbox, "close");
      sandbox.kill("SIGTERM");
      await ended;
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** As a reader sees it, whose sandbox is elsewhere. */
const shown = (text: string, folder: string): string => text.replaceAll(folder, READERS_FOLDER);

/** Reads the output of the sandbox until it is ready. */
async function untilWelcome(sandbox: ChildProcess): Promise<string> {
  let text = "";
  return new Promise((resolve, reject) => {
    const more = (part: string) => {
      text += part;
      if (LAST_LINE.test(text)) resolve(text.trimEnd());
    };
    sandbox.stdout?.setEncoding("utf8").on("data", more);
    sandbox.stderr?.setEncoding("utf8").on("data", more);
    sandbox.once("close", (code) =>
      reject(new Error(`The sandbox ended with exit status ${code} before it was ready:\n${text}`)),
    );
  });
}
