import { createInterface } from "node:readline/promises";
import type { Context } from "./context.ts";
import { Failure } from "./failure.ts";

/**
 * Asks a yes-or-no question where somebody is there to answer; elsewhere the command itself is
 * the answer.
 *
 * @throws Failure `interrupted` for anything but yes
 */
export async function confirm({ screen }: Context, question: string): Promise<void> {
  if (!screen.interactive) return;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl-C and Ctrl-D close without an answer, and leave the cursor behind the question.
  const closed = new Promise<string>((resolve) => {
    lines.once("close", () => resolve("\n"));
  });
  const said = await Promise.race([lines.question(`${question} [y/N] `), closed]);
  lines.close();
  if (said === "\n") screen.err.write(said);
  if (!/^y(es)?$/i.test(said.trim()))
    throw new Failure("interrupted", "not-confirmed", {
      detail: "You did not say yes. Nothing was sent.",
    });
}
