/** Shows long text through the reader's own pager. */
import { spawn } from "node:child_process";
import type { Stream } from "../terminal/screen.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** As git does: less leaves at once what fits a screen, shows colours, and keeps the text on it. */
const LESS = "FRX";

/** @returns false where the pager could not be started */
export type Paging = (pager: string, text: string, env: Environment) => Promise<boolean>;

/**
 * Writes a text, through `PAGER` if it is longer than the terminal; without a `PAGER`, through less.
 *
 * @param through starts the pager
 */
export async function writePaged(
  out: Stream,
  text: string,
  env: Environment,
  through: Paging = runPager,
): Promise<void> {
  const pager = env["PAGER"] ?? "less";
  const isLong = out.terminal && text.split("\n").length > out.rows;
  if (isLong && pager !== "" && (await through(pager, text, env))) return;
  out.write(text);
}

/** A shell's own words for a command that it cannot start. */
const NOT_STARTED = [126, 127];

const runPager: Paging = (pager, text, env) =>
  new Promise((resolve) => {
    const child = spawn(pager, {
      shell: true,
      stdio: ["pipe", "inherit", "ignore"],
      env: { ...env, LESS: env["LESS"] ?? LESS },
    });
    // Ctrl-C is the pager's: it stops a search, and this process waits.
    const ignore = () => undefined;
    process.on("SIGINT", ignore);
    const end = (shown: boolean) => {
      process.off("SIGINT", ignore);
      resolve(shown);
    };
    child.once("error", () => end(false));
    child.once("close", (code) => end(!NOT_STARTED.includes(code ?? 0)));
    // A reader may leave before the end.
    child.stdin.on("error", ignore).end(text);
  });
