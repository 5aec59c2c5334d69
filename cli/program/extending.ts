/** The command of somebody whose access should last longer. */
import type { Command } from "commander";
import { type ExtendOptions, extend } from "../commands/extend.ts";
import type { Context } from "../context.ts";
import { requestArgument, waitOptions, yesOption } from "./options.ts";

export function addExtendingCommand(program: Command, run: (command: Command) => Context): void {
  const command = program
    .command("extend")
    .description("extend your access before its time is over");
  requestArgument(command, "your latest active access");
  yesOption(command)
    .option(
      "-d, --duration <duration>",
      "how much longer, such as 90m or 1h30m (default: the rule's own)",
    )
    .option("-r, --reason <text>", "why it takes longer (default: the reason of the grant)");
  waitOptions(command, "the extension is active (default at a terminal)")
    .option("--idempotency-key <key>", "makes a repetition safe (default: a fresh UUID)")
    .action((id: string | undefined, options: ExtendOptions, self: Command) =>
      extend(run(self), id, options),
    );
}
