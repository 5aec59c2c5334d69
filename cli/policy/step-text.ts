/** Steps of a way around a claim, as commands with who gives each. */
import { clockText } from "../../shared/domain/policy/hours.ts";
import { formatDuration } from "../../shared/domain/values/duration.ts";
import type { BreachStep } from "../../shared/policy-tools/prove/steps.ts";
import { commandLine } from "../prompts/request-terms.ts";
import { listed, plain } from "./words.ts";

type StepOf<Kind extends BreachStep["kind"]> = Extract<BreachStep, { readonly kind: Kind }>;

/**
 * A command, and as its comment who gives it and what has to be so then.
 *
 * @param width the columns into which a long command is broken
 */
export function stepText(step: BreachStep, width: number): string {
  return `${commandOf(step, width)}   # ${[actorText(step), ...conditionsOf(step)].join(", ")}`;
}

function commandOf(step: BreachStep, width: number): string {
  switch (step.kind) {
    case "request":
      return requestText(step, width);
    case "delegate": {
      const from = step.from === undefined ? "" : ` --from ${instantText(step.from)}`;
      return `timelatch delegate --to ${plain(step.to)}${from} --until ${instantText(step.until)}`;
    }
    case "approve": {
      const behalf = step.onBehalfOf;
      const option = behalf === undefined ? "" : ` --on-behalf-of ${plain(behalf)}`;
      return `timelatch approve <request ${step.request + 1}>${option}`;
    }
    case "extend":
      return `timelatch extend ${extendedText(step)} --duration ${formatDuration(step.durationSeconds)}`;
  }
}

/** An extension continues the one before it. */
const extendedText = ({ request, before }: StepOf<"extend">): string =>
  before === 0 ? `<request ${request + 1}>` : `<extension ${before} of request ${request + 1}>`;

function requestText(step: StepOf<"request">, width: number): string {
  const { cluster, access, durationSeconds, reason, ticket, principalArn, rule } = step;
  const terms = {
    cluster,
    ...("groups" in access
      ? { group: access.groups }
      : access.scope.type === "cluster"
        ? { policy: access.policy, clusterScope: true as const }
        : { policy: access.policy, namespace: access.scope.namespaces }),
    duration: formatDuration(durationSeconds),
    reason: reason ?? "<a reason with a ticket that the rule takes>",
    principal: principalArn,
    ...(ticket === undefined ? {} : { ticket: ticket.name }),
    rule,
  };
  return commandLine(terms, width);
}

/** To the second, without its parts. */
const instantText = (instant: string): string => instant.replace(/\.\d+Z$/, "Z");

function actorText({ as, surface }: BreachStep): string {
  return `as ${plain(as)}${surface === "slack" ? " in Slack" : ""}`;
}

function conditionsOf(step: BreachStep): readonly string[] {
  const { when } = step;
  const at = when ? [`on ${clockText(when.hours, when.at)}`] : [];
  if (step.kind === "delegate") return step.isEarlier ? ["earlier"] : [];
  if (step.kind === "extend") return ["before it ends"];
  if (step.kind === "approve") return at;
  const { by, onCall, ticket } = step;
  return [
    ...(by === undefined ? [] : [`by its owner ${plain(by)}`]),
    ...at,
    ...(onCall === undefined ? [] : [`while on call in ${plain(onCall)}`]),
    ...(ticket === undefined ? [] : [ticketText(ticket)]),
  ];
}

/** `while PAY-1 is open or in-progress, and theirs` */
function ticketText({
  name,
  status,
  assignee,
  reporter,
}: NonNullable<StepOf<"request">["ticket"]>): string {
  const states = status.map(plain).join(" or ");
  return listed(
    [
      `while ${plain(name)} is ${states}`,
      ...(assignee === undefined ? [] : ["assigned to them"]),
      ...(reporter === undefined ? [] : ["made by somebody else"]),
    ],
    (text) => text,
  );
}
