/** The commands on requests that exist: read, decide, end. */
import { type Command, Option } from "commander";
import type { EndVerb } from "../../shared/domain/requests/audit-event.ts";
import { decide } from "../commands/decide.ts";
import type { DecideOptions, Verdict } from "../commands/decision.ts";
import { type DelegateOptions, delegate } from "../commands/delegate.ts";
import { endDelegation, listDelegations } from "../commands/delegations.ts";
import { end } from "../commands/end.ts";
import { checkOne, type EndAllOptions, endAll } from "../commands/end-all.ts";
import { grants, type ListOptions, list } from "../commands/list.ts";
import { type ReviewOptions, review } from "../commands/review.ts";
import { show } from "../commands/show.ts";
import { type WatchOptions, watch } from "../commands/watch.ts";
import type { Context } from "../context.ts";
import type { ConfirmOptions } from "../prompts/confirm.ts";
import type { WhichOptions } from "../prompts/which-request.ts";
import {
  lesserTermsOptions,
  requestArgument,
  stateOption,
  waitOptions,
  yesOption,
} from "./options.ts";

type Run = (command: Command) => Context;

const VERDICTS: Readonly<Record<Verdict, string>> = {
  approve: "approve a request, after showing it",
  deny: "deny a request, after showing it",
};

const ENDS: Readonly<Record<EndVerb, readonly [description: string, latest: string]>> = {
  cancel: ["cancel your own request before access starts", "your latest request"],
  return: ["return your access before its time is over", "your latest active access"],
  revoke: ["revoke somebody's access (approvers and admins)", "the latest grant"],
};

export function addReadingCommands(program: Command, run: Run): void {
  program
    .command("list")
    .description("list your requests, those that wait for your approval, or everyone's")
    .addOption(new Option("--mine", "your own requests (default)").conflicts(["toApprove", "all"]))
    .addOption(new Option("--to-approve", "requests that wait for your approval").conflicts("all"))
    .option("--all", "everyone's requests (auditors)")
    .option(
      "--since <moment>",
      "with --all: asked since then, such as 7d, yesterday or a day (default: 7d)",
    )
    .option(
      "--from <moment>",
      "with --all and --cluster: lent there then or later, whenever it was asked (default: 7d; admins too)",
    )
    .option("--to <moment>", "with --all and --cluster: lent there before then (default: now)")
    .option("--who <person>", "with --all: only requests of this person")
    .option("-c, --cluster <name>", "only requests on this cluster")
    .addOption(stateOption())
    .action((options: ListOptions, command: Command) => list(run(command), options));

  requestArgument(
    program.command("show").description("show one request with its history"),
    "your latest request",
  ).action((id: string | undefined, options: WhichOptions, command: Command) =>
    show(run(command), id, options),
  );

  program
    .command("grants")
    .description("list the access that is lent now, as far as you may see it")
    .action((_options: object, command: Command) => grants(run(command)));

  program
    .command("watch")
    .description("watch the access that is lent now count down, until Ctrl-C")
    .option("--once", "show it once")
    .action((options: WatchOptions, command: Command) => watch(run(command), options));
}

export function addChangingCommands(program: Command, run: Run): void {
  for (const [verdict, description] of Object.entries(VERDICTS) as [Verdict, string][]) {
    const command = program.command(verdict).description(description);
    requestArgument(command, "the latest request that waits for your approval");
    yesOption(command)
      .option("--note <text>", "a note, kept with the decision")
      .option("--together", "also what was asked for at once with it and waits for you")
      .option("--on-behalf-of <person>", "who delegated to you (default: whoever's place is open)");
    if (verdict === "approve") {
      lesserTermsOptions(command);
      waitOptions(command, "access is active (default at a terminal)");
    }
    command.action((id: string | undefined, options: DecideOptions, self: Command) =>
      decide(run(self), verdict, id, options),
    );
  }

  for (const [verb, [description, latest]] of Object.entries(ENDS) as [
    EndVerb,
    (typeof ENDS)[EndVerb],
  ][]) {
    const command = requestArgument(program.command(verb).description(description), latest);
    yesOption(command).option("--note <text>", "why, kept in the history");
    if (verb !== "cancel") allOptions(command, verb);
    const proof = "a read of EKS proves the end";
    waitOptions(command, verb === "cancel" ? proof : `${proof} (--all: default, up to 7m)`);
    command.action(async (id: string | undefined, options: EndAllOptions, self: Command) => {
      if (options.all && verb !== "cancel") return endAll(run(self), verb, id, options);
      checkOne(verb, options);
      return end(run(self), verb, id, options);
    });
  }
}

/** Options that end everything of one person in place of one request. */
function allOptions(command: Command, verb: "return" | "revoke"): void {
  command
    .option("--all", `${verb} all that is lent, and say what remains`)
    .option("-c, --cluster <name>", "with --all: on this cluster alone");
  if (verb === "revoke") command.option("--who <person>", "with --all: whose access");
}

/** The command that reviews break-glass. */
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

/** The commands by which approvers let others decide for them. */
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
