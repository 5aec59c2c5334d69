/** A policy whose rules ask a tracker about tickets, and a broker that reads what a test says of them. */
import type { Ticket, TicketLook } from "../../shared/domain/facts/ticket-look.ts";
import { afterTicketLook } from "../../shared/domain/facts/ticket-reading.ts";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { plusSeconds } from "../../shared/domain/values/instant.ts";
import { parseAccessPolicy } from "../../shared/policy-file/parse-access-policy.ts";
import { sweepTickets } from "../../shared/usecases/facts/sweep-tickets.ts";
import { ACCOUNT, PROD } from "./builders.ts";
import { edit, type MemoryBroker, memoryBroker } from "./memory-broker.ts";

/** The key of the ticket that tests ask for. */
export const PAY_1 = "jira/example.atlassian.net/PAY-1";

/** The ids of people in Jira. */
export const JIRA_IDS = { alice: "5b10a1", bob: "5b10b0", dave: "5b10da" } as const;

const person = (name: keyof typeof JIRA_IDS, groups: string) => {
  const arn = `arn:aws:iam::${ACCOUNT}:role/people/${name}`;
  return `  ${name}: { email: ${name}@example.com, groups: [${groups}], identities: { iam: ["${arn}"] }, principals: ["${arn}"], outside: { atlassian: ${JIRA_IDS[name]} } }`;
};

/**
 * A ticket of their own lets the people of payments edit, until it is closed. A ticket of somebody else, and a lead,
 * let them view.
 */
export const TICKET_FILE = `version: 1
clusters: { prod: { arn: "${PROD.arn}" } }
tickets:
  payments: { jira: { site: example.atlassian.net, projects: [PAY, INC] } }
people:
${person("alice", "payments")}
${person("bob", "payments-leads")}
${person("dave", "payments-leads")}
roles: { admins: [payments-leads] }
rules:
  - name: ticket-edit
    who: { groups: [payments] }
    clusters: [prod]
    access: { policies: [AmazonEKSEditPolicy], namespaces: ["payments-*"] }
    duration: { max: 2h, default: 1h }
    approval: none
    reason: { ticket: { in: payments, assignee: requester } }
    endsWithTicket: true
    extend: { times: 2, total: 4h, approval: none }
  - name: ticket-view
    who: { groups: [payments] }
    clusters: [prod]
    access: { policies: [AmazonEKSViewPolicy], namespaces: ["payments-*"] }
    duration: { max: 2h, default: 1h }
    approval: [{ groups: [payments-leads] }]
    reason: { ticket: { in: payments, status: [open], reporter: other, ifUnknown: ask } }
  - name: break-glass
    who: { groups: [payments] }
    clusters: [prod]
    access: { policies: [AmazonEKSEditPolicy], namespaces: ["payments-*"] }
    duration: { max: 30m }
    approval: none
    breakGlass: true
`;

const ticketPolicy = (): AccessPolicy => parseAccessPolicy(TICKET_FILE);

/** A broker under that policy, and what its tracker says. */
export interface TicketBroker extends MemoryBroker {
  /** A look now finds PAY-1: open, alice's, and made by bob an hour ago, unless a test says otherwise. */
  readonly ticket: (over?: Partial<Ticket>) => Promise<void>;
  /** A look now with another result. */
  readonly look: (look: TicketLook, key?: string) => Promise<void>;
  /** Sweep reads every ticket, or those of a message. */
  readonly sweep: (keys?: readonly string[]) => ReturnType<typeof sweepTickets>;
  /** Alice asks to edit for PAY-1. */
  readonly askFor: (over?: Parameters<MemoryBroker["ask"]>[0]) => ReturnType<MemoryBroker["ask"]>;
}

export function ticketBroker(policy = ticketPolicy()): TicketBroker {
  const broker = memoryBroker({ policy });
  const look = async (found: TicketLook, key = PAY_1) => {
    const before = (await broker.facts.tickets([key])).get(key);
    await broker.facts.putTicket(afterTicketLook(key, before, found, broker.clock.now()));
  };
  return {
    ...broker,
    look,
    ticket: (over = {}) =>
      look({
        ticket: {
          key: "PAY-1",
          status: "open",
          title: "Payments time out",
          assignees: [JIRA_IDS.alice],
          reporter: JIRA_IDS.bob,
          createdAt: plusSeconds(broker.clock.now(), -3_600),
          ...over,
        },
      }),
    sweep: (keys) => sweepTickets(broker.front, keys),
    askFor: (over = {}) =>
      broker.ask({ access: edit("payments-api"), reason: "PAY-1 stuck rollout", ...over }),
  };
}
