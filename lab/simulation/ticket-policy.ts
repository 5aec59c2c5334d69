/** The policy of lives in which rules ask about tickets. Facts of its own, so that the oracle needs no code of the broker. */
import type { AccessPolicy, Person, Rule } from "../../shared/domain/policy/policy.ts";
import { seededRandom } from "./random.ts";
import { PRINCIPALS, role } from "./sim-policy.ts";

/** Tickets have random numbers of their own. No other mutant's seed has them. */
const TICKET_SEED = 0x71c7;

/** Whether rules ask about tickets in the life of a seed. */
export const hasTickets = (seed: number): boolean =>
  seededRandom(-seed ^ TICKET_SEED).chance(1 / 8);

export const ticketRandom = (seed: number) => seededRandom(seed ^ TICKET_SEED);

/** Those who ask with tickets, by their ids at the tracker. */
export const HOLDERS: Readonly<Record<string, string>> = { uma: "5b10-uma", vic: "5b10-vic" };
/** Somebody who only makes tickets. */
export const STRANGER = "5b10-xen";
export const TICKETS = ["PAY-1", "PAY-2", "PAY-3"] as const;
/** The rule that lends for an open ticket of the asker, until it is closed, and asks nobody else. */
export const TICKETED = "ticketed";
/** The rule that asks leads, who may decide where the ticket is not known. */
export const VOUCHED = "vouched";

const SITE = "example.atlassian.net";

/** The key by which readings of a ticket are stored. */
export const keyOfTicket = (ticket: string): string => `jira/${SITE}/${ticket}`;

const holder = (name: string, id: string): Person => ({
  email: `${name}@example.com`,
  groups: ["holders"],
  identities: { iam: [role(`people/${name}`)], slack: [`T0001/U-${name}`] },
  principals: PRINCIPALS.map(role),
  outside: { atlassian: id },
});

/** Uma and vic are in no other group, so that only these two rules are for them. */
export function withTickets(policy: AccessPolicy): AccessPolicy {
  const plain = policy.rules.find(({ name }) => name === "refused");
  if (!plain) throw new Error("The policy has no rule that lends without an approver.");
  const shared: Rule = {
    ...plain,
    who: { people: [], groups: ["holders"] },
    access: { policies: ["AmazonEKSEditPolicy"], namespaces: ["app-*"], wildcards: false },
  };
  const status = ["open", "in-progress"] as const;
  return {
    ...policy,
    tickets: { jira: { service: "jira", site: SITE, projects: ["PAY"] } },
    people: {
      ...policy.people,
      ...Object.fromEntries(Object.entries(HOLDERS).map(([name, id]) => [name, holder(name, id)])),
    },
    rules: [
      ...policy.rules,
      {
        ...shared,
        name: TICKETED,
        ticket: { in: "jira", status, assignee: "requester" },
        endsWithTicket: true,
      },
      {
        ...shared,
        name: VOUCHED,
        approval: [{ groups: ["leads"], count: 1 }],
        ticket: { in: "jira", status, reporter: "other", ifUnknown: "ask" },
      },
    ],
  };
}
