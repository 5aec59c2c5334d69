/** The commands of somebody who needs access. */
import type { Command } from "commander";
import { access } from "../commands/access.ts";
import { type EscalateOptions, escalate } from "../commands/escalate.ts";
import { type ExtendOptions, extend } from "../commands/extend.ts";
import { mcp } from "../commands/mcp.ts";
import { onCall } from "../commands/on-call.ts";
import { type PreviewOptions, preview } from "../commands/preview.ts";
import { type RequestOptions, request } from "../commands/request.ts";
import { requestSeveral } from "../commands/request-several.ts";
import { type StatusOptions, status } from "../commands/status.ts";
import { whoami } from "../commands/whoami.ts";
import type { Context } from "../context.ts";
import { severalTerms } from "../prompts/several-terms.ts";
import { requestArgument, termOptions, termsInOrder, waitOptions, yesOption } from "./options.ts";

export function addAskingCommands(program: Command, run: (command: Command) => Context): void {
  program
    .command("whoami")
    .description("show who the API takes you for")
    .action((_options: object, command: Command) => whoami(run(command)));

  program
    .command("status")
    .description("show what you, or somebody else, can do now")
    .argument("[person]", "by default yourself")
    .option("-c, --cluster <name>", "standing access on this cluster, too")
    .action((person: string | undefined, options: StatusOptions, command: Command) =>
      status(run(command), person, options),
    );

  program
    .command("access")
    .description("show what you may ask for")
    .action((_options: object, command: Command) => access(run(command)));

  program
    .command("on-call")
    .description("show who is on call in the schedules that your rules name")
    .action((_options: object, command: Command) => onCall(run(command)));

  addRequestCommands(program, run);

  program
    .command("mcp")
    .description("let an agent ask, by the Model Context Protocol; its client starts this")
    .action((_options: object, command: Command) => mcp(run(command)));
}

function addRequestCommands(program: Command, run: (command: Command) => Context): void {
  termOptions(program.command("preview").description("dry-run a request"))
    .option("--all", "when it is refused, show the objections of every rule")
    .action((options: PreviewOptions, command: Command) => preview(run(command), options));

  const asking = program
    .command("request")
    .description("ask for access; without options, prompts for each value");
  const terms = termOptions(asking, "; each further one begins another thing to ask for");
  const inOrder = termsInOrder(asking);
  waitOptions(yesOption(terms), "access is active (default at a terminal)")
    .option("--idempotency-key <key>", "makes a repetition safe (default: a fresh UUID)")
    .action(async (options: RequestOptions, command: Command) => {
      const several = severalTerms(inOrder());
      if (several) await requestSeveral(run(command), several, options);
      else await request(run(command), options);
    });
}

/** The command of somebody whose access should last longer. */
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

/** The command of somebody who cannot wait for the approvers. */
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
