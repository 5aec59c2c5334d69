import type { Context } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import type { Prompt } from "./prompt.ts";

/**
 * Asks a yes-or-no question where somebody is there to answer; elsewhere the command itself is
 * the answer.
 *
 * @throws Failure `interrupted` for anything but yes
 */
export async function confirm(context: Context, question: string): Promise<void> {
  if (!context.screen.interactive) return;
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
  if (!/^y(es)?$/i.test(said))
    throw new Failure("interrupted", "not-confirmed", {
      happened: "You did not say yes.",
      undone: "Nothing was sent.",
      next: ["Next: run it again when you are sure, or with other terms."],
    });
}
