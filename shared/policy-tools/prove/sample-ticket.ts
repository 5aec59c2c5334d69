/** A ticket that a rule with a tracker could take. */
import { type TicketTerms, type Tracker, trackerNamed } from "../../domain/facts/tracker.ts";
import type { AccessPolicy, Rule } from "../../domain/policy/policy.ts";

/** A ticket with the terms that its tracker has to confirm. */
export interface StepTicket extends Pick<TicketTerms, "status" | "assignee" | "reporter"> {
  /** As its tracker writes it. */
  readonly name: string;
}

/**
 * A ticket by a name that the rule's tracker could have. Only the tracker knows its tickets, so somebody puts one of
 * theirs in its place. Undefined where the rule asks no tracker.
 */
export function sampleTicketOf(
  policy: AccessPolicy,
  { ticket: terms }: Rule,
): StepTicket | undefined {
  const tracker = terms && trackerNamed(policy, terms.in);
  if (!tracker) return undefined;
  const { status, assignee, reporter } = terms;
  return {
    name: nameAt(tracker),
    status,
    ...(assignee === undefined ? {} : { assignee }),
    ...(reporter === undefined ? {} : { reporter }),
  };
}

function nameAt(tracker: Tracker): string {
  if (tracker.service === "jira") return `${tracker.projects[0] ?? "TICKET"}-1`;
  return tracker.service === "serviceNow" ? "INC0000001" : "#1";
}
