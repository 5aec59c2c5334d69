/** The commands on requests that exist: read, decide, end. */
import { type Command, Option } from "commander";
import type { EndVerb } from "../../shared/domain/requests/audit-event.ts";
import { type DecideOptions, decide, type Verdict } from "../commands/decide.ts";
import { end } from "../commands/end.ts";
import { checkOne, type EndAllOptions, endAll } from "../commands/end-all.ts";
import { grants, type ListOptions, list } from "../commands/list.ts";
import { show } from "../commands/show.ts";
import { type WatchOptions, watch } from "../commands/watch.ts";
import type { Context } from "../context.ts";
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
