/** The command that reviews break-glass. */
import type { Command } from "commander";
import { type ReviewOptions, review } from "../commands/review.ts";
import type { Context } from "../context.ts";
import { requestArgument, yesOption } from "./options.ts";

export function addReviewCommand(program: Command, run: (command: Command) => Context): void {
  const command = program
    .command("review")
    .description("list the reviews of break-glass that you may close, or close one");
  requestArgument(yesOption(command), "the newest break-glass that you may review")
    .option("--close", "close the review, after showing the request")
    .option("--note <text>", "what the access was used for, kept in the history; else asked for")
    .action((id: string | undefined, options: ReviewOptions, self: Command) =>
      review(run(self), id, options),
    );
}
