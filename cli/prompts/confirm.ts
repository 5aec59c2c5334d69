import type { Context } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import type { Prompt } from "./prompt.ts";

/** `--yes`: confirms beforehand, for scripts. */
export interface ConfirmOptions {
  readonly yes?: true;
}

/**
 * A command that changes something calls this first. Where nobody can be asked, `--yes` has to
 * confirm the change, since silence is no consent.
 *
 * @throws Failure `usage`
 */
export function checkConfirmable({ screen }: Context, { yes }: ConfirmOptions): void {
  if (yes || screen.interactive) return;
  throw new Failure("usage", "not-confirmed-by-flag", {
    what: "This command asks before it changes anything, and there is no terminal to ask at.",
    notDone: "Nothing was sent.",
    next: ["Next: pass --yes (-y) to confirm it beforehand, or run it at a terminal."],
  });
}

/**
 * The subject of the question. It is always on the screen when somebody is asked, also under
 * `--json`, whose document goes to standard output.
 */
export function showBeforeAsking(
  { screen, json }: Context,
  { yes }: ConfirmOptions,
  text: string,
): void {
  if (!yes || !json) screen.err.write(text);
}

/** Asks, unless `--yes` has confirmed it. @throws Failure `interrupted` for anything but yes */
export async function confirm(
  context: Context,
  { yes }: ConfirmOptions,
  question: string,
): Promise<void> {
  if (yes) return;
  const prompt = context.prompt();
  try {
    await askForYes(prompt, question);
  } finally {
    prompt.close();
  }
}

/** @throws Failure `interrupted` for anything but yes */
export async function askForYes(prompt: Prompt, question: string): Promise<void> {
  const said = await prompt.ask(`${question} [y/N] `, (line) => ({ value: line }));
  if (!/^y(es)?$/i.test(said)) throw notConfirmed();
}

export const notConfirmed = () =>
  new Failure("interrupted", "not-confirmed", {
    what: "You did not confirm it.",
    notDone: "Nothing was sent.",
    next: ["Next: run it again when you are sure, or with other options."],
  });
