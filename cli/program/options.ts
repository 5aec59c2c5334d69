/** Options and arguments that several commands share. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { STATES } from "../../shared/domain/requests/request.ts";
import { spokenStart } from "../prompts/moment-option.ts";
import { parseRequestId } from "../prompts/request-id.ts";
import { isTermName } from "../prompts/request-terms.ts";
import type { GivenTerm } from "../prompts/several-terms.ts";

/** A value, added to those of earlier options. */
export const gather = (value: string, before: readonly string[] | undefined) => [
  ...(before ?? []),
  value,
];

/** A value of which a command takes one: of several, only the last would be looked at. */
export function once(value: string, before: string | undefined): string {
  if (before === undefined) return value;
  throw new InvalidArgumentError("Name one, and run it once more for each other.");
}

/** Names apart by commas, added to those of earlier options. */
const gatherNames = (value: string, before: readonly string[] | undefined) => [
  ...(before ?? []),
  ...value.split(",").filter((name) => name !== ""),
];

/** The options that say what is asked for on a cluster. @param reason what the reason is for @param ticket the same of the ticket */
export const accessOptions = (
  command: Command,
  reason = "why; approvers and auditors read it",
  ticket = "the ticket that it is for, where the reason does not name it",
): Command =>
  command
    .option(
      "-p, --policy <name>",
      "EKS access policy, such as AmazonEKSEditPolicy, or edit for short",
    )
    .option(
      "-n, --namespace <name>",
      "namespace of the policy; several by commas, or repeated",
      gatherNames,
    )
    .option("--cluster-scope", "the policy applies to the whole cluster")
    .option("--group <name>", "Kubernetes group in place of a policy; may be repeated", gather)
    .option("-d, --duration <duration>", "such as 90m or 1h30m (default: the rule's own)")
    .option("-r, --reason <text>", reason)
    .option("--principal <arn>", "IAM principal to elevate, where you have several")
    .option("--ticket <key>", ticket)
    .option("--rule <name>", "rule of access.yaml; it fills in whatever it leaves no choice of");

/** The options that make up a request. @param further what a second cluster means @param about as of `accessOptions` */
export const termOptions = (
  command: Command,
  further = "",
  ...about: readonly [reason?: string, ticket?: string]
): Command =>
  accessOptions(
    command.option("-c, --cluster <name>", `cluster, by its name in access.yaml${further}`),
    ...about,
  )
    .option(
      "--starts-at <instant>",
      "earliest start: +2h, 22:00 by this machine's clock, or 2026-11-24T22:00-08:00",
      (text: string) => spokenStart(text, new Date().toISOString()),
    )
    .option("-v, --verbose", "list every permission");

/** Takes down the terms of a request in the order of the command line, as they are parsed. */
export function termsInOrder(command: Command): () => readonly GivenTerm[] {
  const given: GivenTerm[] = [];
  for (const option of command.options) {
    const name = option.attributeName();
    if (!isTermName(name)) continue;
    command.on(`option:${option.name()}`, (text: string | null) => {
      const value =
        option.parseArg && text !== null ? option.parseArg(text, undefined) : (text ?? true);
      given.push({ name, value } as GivenTerm);
    });
  }
  return () => given;
}

/** The options of an approver who approves for less. */
export const lesserTermsOptions = (command: Command): Command =>
  command
    .option("-d, --duration <duration>", "approve it for less time than was asked, such as 30m")
    .option(
      "-n, --namespace <name>",
      "approve it for these of its namespaces only; several by commas, or repeated",
      gatherNames,
    );

export const yesOption = (command: Command): Command =>
  command.option("-y, --yes", "confirm beforehand, and do not ask");

export const waitOptions = (command: Command, what: string): Command =>
  command
    .option("--wait", `wait until ${what}`)
    .option("--no-wait", "do not wait")
    .option("--timeout <duration>", "stop waiting after this time, such as 90s or 10m");

/** `[id]` and `--latest`. */
export const requestArgument = (command: Command, latest: string): Command =>
  command
    .argument("[id]", "the request's id, or its beginning", parseRequestId)
    .option("--latest", latest);

/** `--state`, in any case; unknown ones are refused. */
export function stateOption(): Option {
  const option = new Option("--state <state>", "only requests in this state; may be repeated");
  option.argParser((value: string, before: readonly string[] | undefined) => {
    const state = value.toLowerCase();
    if (!(STATES as readonly string[]).includes(state))
      throw new InvalidArgumentError(`The states are ${STATES.join(", ")}.`);
    return gather(state, before);
  });
  // Only for completion: the parser above accepts any case.
  option.argChoices = [...STATES];
  return option;
}
