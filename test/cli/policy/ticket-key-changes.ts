/** The words about a change of each key about tickets. */
import type { KeyChange } from "./delegation-key-changes.ts";
import type { Json } from "./policy-of-every-key.ts";

const SYS_ID = "5137153cc611227c000bbd1bd8cd2005";
const OTHER_ID = "5137153cc611227c000bbd1bd8cd2006";

const person = (name: string, group: string): Record<string, Json> => ({
  email: `${name}@example.com`,
  groups: [group],
  identities: { iam: [`arn:aws:iam::111122223333:role/${name}`] },
  principals: [`arn:aws:iam::111122223333:role/${name}`],
});

/** A policy that writes every key about tickets. */
export const EVERY_TICKET: Json = {
  version: 1,
  clusters: { prod: { arn: "arn:aws:eks:us-west-2:111122223333:cluster/prod" } },
  tickets: {
    payments: { jira: { site: "example.atlassian.net", projects: ["PAY"] } },
    changes: { serviceNow: { instance: "example" } },
    issues: { github: { owner: "example", repository: "operations" } },
  },
  people: {
    ann: { ...person("ann", "dev"), outside: { serviceNow: SYS_ID, github: 583231 } },
    ben: person("ben", "leads"),
  },
  rules: [
    {
      name: "edit",
      who: { groups: ["dev"] },
      clusters: ["prod"],
      access: { policies: ["AmazonEKSEditPolicy"], namespaces: ["team-*"] },
      duration: { max: "4h" },
      approval: [{ groups: ["leads"] }],
      reason: {
        ticket: {
          in: "issues",
          status: ["open"],
          assignee: "requester",
          reporter: "other",
          ifUnknown: "ask",
        },
      },
      endsWithTicket: true,
    },
  ],
};

const BEFORE =
  "(before: with a ticket of issues that is open and assigned to whoever asks and made by somebody else before, and approvers decide where that is unknown)";

export const TICKETS_SAID: readonly KeyChange[] = [
  ["tickets", "tickets.spare", { github: { owner: "o", repository: "r" } }, "The tracker spare is"],
  [
    "tickets.*.jira",
    "tickets.payments",
    { github: { owner: "o", repository: "r" } },
    "The tracker payments is no longer jira/example.atlassian.net for PAY.",
  ],
  [
    "tickets.*.jira.site",
    "tickets.payments.jira.site",
    "other.atlassian.net",
    "The tracker payments is jira/other.atlassian.net for PAY.",
  ],
  [
    "tickets.*.jira.projects",
    "tickets.payments.jira.projects",
    ["PAY", "INC"],
    "The tracker payments is jira/example.atlassian.net for INC and PAY.",
  ],
  [
    "tickets.*.serviceNow",
    "tickets.changes",
    { github: { owner: "o", repository: "r" } },
    "The tracker changes is no longer serviceNow/example.",
  ],
  [
    "tickets.*.serviceNow.instance",
    "tickets.changes.serviceNow.instance",
    "other",
    "The tracker changes is serviceNow/other.",
  ],
  [
    "tickets.*.github",
    "tickets.issues",
    { serviceNow: { instance: "example" } },
    "The tracker issues is no longer github/example/operations.",
  ],
  [
    "tickets.*.github.owner",
    "tickets.issues.github.owner",
    "o",
    "The tracker issues is github/o/operations.",
  ],
  [
    "tickets.*.github.repository",
    "tickets.issues.github.repository",
    "r",
    "The tracker issues is github/example/r.",
  ],
  [
    "people.*.outside.serviceNow",
    "people.ann.outside.serviceNow",
    OTHER_ID,
    `ann is known elsewhere as serviceNow ${OTHER_ID}.`,
  ],
  [
    "people.*.outside.github",
    "people.ann.outside.github",
    583232,
    "ann is known elsewhere as github 583232.",
  ],
  [
    "rules.*.reason.ticket.in",
    "rules.0.reason.ticket.in",
    "changes",
    "with a ticket of changes that is open",
  ],
  [
    "rules.*.reason.ticket.status",
    "rules.0.reason.ticket.status",
    undefined,
    `with a ticket of issues that is open or in-progress and assigned to whoever asks and made by somebody else before, and approvers decide where that is unknown ${BEFORE}`,
  ],
  [
    "rules.*.reason.ticket.assignee",
    "rules.0.reason.ticket.assignee",
    undefined,
    `with a ticket of issues that is open and made by somebody else before, and approvers decide where that is unknown ${BEFORE}`,
  ],
  [
    "rules.*.reason.ticket.reporter",
    "rules.0.reason.ticket.reporter",
    undefined,
    `with a ticket of issues that is open and assigned to whoever asks, and approvers decide where that is unknown ${BEFORE}`,
  ],
  [
    "rules.*.reason.ticket.ifUnknown",
    "rules.0.reason.ticket.ifUnknown",
    undefined,
    `with a ticket of issues that is open and assigned to whoever asks and made by somebody else before ${BEFORE}`,
  ],
  [
    "rules.*.endsWithTicket",
    "rules.0.endsWithTicket",
    false,
    "whatever happens to a ticket (before: until its ticket is closed)",
  ],
];
