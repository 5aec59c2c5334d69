/** The commands by which approvers let others decide for them. */
import type { Command } from "commander";
import { type DelegateOptions, delegate } from "../commands/delegate.ts";
import { endDelegation, listDelegations } from "../commands/delegations.ts";
import type { Context } from "../context.ts";
import type { ConfirmOptions } from "../prompts/confirm.ts";
import { yesOption } from "./options.ts";

type Run = (command: Command) => Context;

export function addDelegationCommands(program: Command, run: Run): void {
  const command = program
    .command("delegate")
    .description("let somebody else approve for you for a while");
  yesOption(command)
    .requiredOption("--to <person>", "who may approve for you, by their name in access.yaml")
    .option("--from <moment>", "when it begins: a day (UTC), or an instant; else at once")
    .requiredOption("--until <moment>", "when it is over: a day (UTC), or an instant")
    .option("--idempotency-key <key>", "makes a repetition safe (default: a fresh UUID)")
    .action((options: DelegateOptions, self: Command) => delegate(run(self), options));

  const delegations = program
    .command("delegations")
    .description("see who may approve for whom, and end a delegation");
  delegations
    .command("list", { isDefault: true })
    .description("list those by you and to you; for admins and auditors, everyone's (the default)")
    .action((_options: object, self: Command) => listDelegations(run(self)));
  yesOption(delegations.command("end"))
    .description("end a delegation at once, after showing it")
    .argument("<delegation>", "the delegation's id, or its beginning")
    .action((id: string, options: ConfirmOptions, self: Command) =>
      endDelegation(run(self), id, options),
    );
}
