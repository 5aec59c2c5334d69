/** A reader's shell: what one command sets, the next one finds. */
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";

const PATIENCE_MS = 30_000;

interface Outcome {
  readonly status: number;
  /** The text of both streams, in the order in which it came. */
  readonly printed: string;
}

/** The keys that are typed once a terminal shows something. */
export type Answer = readonly [shown: string, keys: string];

export interface Shell {
  /** Runs one command. It has no terminal, and reads nothing. */
  run(command: string): Promise<Outcome>;
  /** Runs one command in a terminal, and types the answers, in their order. */
  type(command: string, answers: readonly Answer[]): Promise<Outcome>;
  close(): Promise<void>;
}

/**
 * @param folder where it starts, and what it takes for the home folder
 * @param patienceMs how long a command in a terminal may take
 */
export function openShell(folder: string, patienceMs: number = PATIENCE_MS): Shell {
  const bash = spawn("bash", ["--noprofile", "--norc"], {
    cwd: folder,
    env: { PATH: process.env["PATH"], HOME: folder, LANG: "C.UTF-8" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  bash.stdout.setEncoding("utf8");
  const run = (command: string) =>
    new Promise<Outcome>((resolve, reject) => {
      const mark = randomUUID();
      const last = new RegExp(`\n${mark} (\\d+)\n$`);
      let text = "";
      const ended = () => reject(new Error(`The shell ended in ${command}:\n${text}`));
      const more = (part: string) => {
        text += part;
        const [found, status] = last.exec(text) ?? [];
        if (found === undefined) return;
        bash.stdout.off("data", more);
        bash.off("close", ended);
        resolve({ status: Number(status), printed: text.slice(0, -found.length) });
      };
      bash.once("close", ended);
      bash.stdout.on("data", more);
      bash.stdin.write(`{ ${command}\n} </dev/null 2>&1\nprintf '\\n%s %s\\n' ${mark} $?\n`);
    });
  // Variables that the reader sets reach the terminal's commands too.
  bash.stdin.write("set -a\n");
  return {
    run,
    type: async (command, answers) =>
      inTerminal(command, answers, await environmentOf(run), patienceMs),
    async close() {
      const ended = once(bash, "close");
      bash.stdin.end();
      await ended;
    },
  };
}

async function environmentOf(run: Shell["run"]): Promise<Readonly<Record<string, string>>> {
  const { printed } = await run("env -0");
  const variables = printed.split("\0").filter((one) => one.includes("="));
  return Object.fromEntries(
    variables.map((one) => [one.split("=", 1)[0], one.replace(/^.*?=/s, "")]),
  );
}

/** `script` gives a command a terminal, and needs none itself. */
async function inTerminal(
  command: string,
  answers: readonly Answer[],
  env: Readonly<Record<string, string>>,
  patienceMs: number,
): Promise<Outcome> {
  const sized = `stty cols 80 rows 24; ${command}`;
  const child = spawn("script", ["-qec", sized, "/dev/null"], {
    cwd: env["PWD"],
    env: { ...env, TERM: "xterm" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const waiting = [...answers];
  let printed = "";
  let seen = 0;
  child.stdout.setEncoding("utf8").on("data", (part: string) => {
    printed += part;
    const [next] = waiting;
    const at = next ? printed.indexOf(next[0], seen) : -1;
    if (!next || at < 0) return;
    seen = at + next[0].length;
    waiting.shift();
    child.stdin.write(next[1]);
  });
  // A prompt that nobody expects would wait for ever.
  const patience = setTimeout(() => child.kill("SIGKILL"), patienceMs);
  const [status] = (await once(child, "close")) as [number | null];
  clearTimeout(patience);
  if (waiting.length > 0) printed += `\n(never shown: ${JSON.stringify(waiting[0]?.[0])})`;
  return { status: waiting.length > 0 ? -1 : (status ?? -1), printed };
}
