/** Rules that ask a tracker, and learn too little from it or lend to nobody. */
import { idAtTracker, idNameAt } from "../domain/facts/tracker.ts";
import { type AccessPolicy, isMachine, type Rule } from "../domain/policy/policy.ts";
import { fewNames } from "./few-names.ts";
import type { PolicyFinding } from "./finding.ts";
import { askersOf } from "./rule-uses.ts";

export const ticketFindings = (policy: AccessPolicy): readonly PolicyFinding[] =>
  policy.rules.flatMap((rule, at) => [...provesLittle(rule, at), ...withoutIds(policy, rule, at)]);

/** An open ticket is had at will by whoever can make one. */
function provesLittle({ name, ticket }: Rule, at: number): readonly PolicyFinding[] {
  if (!ticket || ticket.assignee || ticket.reporter) return [];
  return [
    {
      code: "ticket-of-anybody",
      path: ["rules", at, "reason", "ticket"],
      detail: `${name} asks for any open ticket of ${ticket.in}. Whoever can make tickets there always has one. Write assignee: requester, or reporter: other.`,
    },
  ];
}

/** People without an id: no ticket is ever known to be theirs, or somebody else's. */
function withoutIds(policy: AccessPolicy, rule: Rule, at: number): readonly PolicyFinding[] {
  const { ticket } = rule;
  const tracker = ticket && policy.tickets?.[ticket.in];
  if (!tracker || !(ticket.assignee || ticket.reporter)) return [];
  const missing = askersOf(policy, rule)
    .filter((member) => idAtTracker(tracker, member.outside) === undefined)
    .map(({ name }) => name);
  if (missing.length === 0) return [];
  const machines = missing.some((name) => isMachine(policy.people[name] ?? {}));
  return [
    {
      code: "ticket-without-id",
      path: ["rules", at, "reason", "ticket"],
      detail: `The file has no id at ${idNameAt(tracker)} of ${fewNames(missing)}. So ${rule.name} lends them nothing. ${machines ? "A machine has none: leave it out of the rule, or write" : "Write"} it in outside.`,
    },
  ];
}
