/** The command of somebody who cannot wait for the approvers. */
import type { Command } from "commander";
import { type EscalateOptions, escalate } from "../commands/escalate.ts";
import type { Context } from "../context.ts";
import { requestArgument, waitOptions, yesOption } from "./options.ts";

export function addEscalatingCommand(program: Command, run: (command: Command) => Context): void {
  const command = program
    .command("escalate")
    .description("make a break-glass of your pending request, in an emergency");
  requestArgument(yesOption(command), "your latest pending request").option(
    "--rule <name>",
    "the break-glass rule (default: the first that lends the access)",
  );
  waitOptions(command, "the access is active (default at a terminal)").action(
    (id: string | undefined, options: EscalateOptions, self: Command) =>
      escalate(run(self), id, options),
  );
}
