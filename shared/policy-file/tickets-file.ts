/** The trackers of `access.yaml`, and what a rule asks of a ticket. */
import * as z from "zod/mini";
import { OPEN_STATUSES, type TicketTerms, type Tracker } from "../domain/facts/tracker.ts";
import { Name, some } from "./file-values.ts";
import { type KeyNotes, keyWith } from "./noted.ts";

export const TICKETS_NOTES = {
  tickets: {
    description:
      "Trackers of tickets, by names of your own: 20 at most. Rules name them in reason.ticket.in.",
    default: {},
    examples: [{ payments: { jira: { site: "example.atlassian.net", projects: ["PAY"] } } }],
  },
  "tickets.*.jira": {
    description: "A site of Jira Cloud.",
    default: null,
    examples: [{ site: "example.atlassian.net", projects: ["PAY", "INC"] }],
  },
  "tickets.*.jira.site": {
    description: "Its host. All trackers of Jira are of one site, since one token is stored.",
    examples: ["example.atlassian.net"],
  },
  "tickets.*.jira.projects": {
    description: "The keys of the projects whose tickets count.",
    examples: [["PAY", "INC"]],
  },
  "tickets.*.serviceNow": {
    description: "Incidents (INC…) and changes (CHG…) of ServiceNow.",
    default: null,
    examples: [{ instance: "example" }],
  },
  "tickets.*.serviceNow.instance": {
    description: "The instance: the first part of its host.",
    examples: ["example"],
  },
  "tickets.*.github": {
    description: "The issues of a repository of GitHub. In a public one, anybody can make one.",
    default: null,
    examples: [{ owner: "example", repository: "operations" }],
  },
  "tickets.*.github.owner": { description: "The owner's login.", examples: ["example"] },
  "tickets.*.github.repository": { description: "Its name.", examples: ["operations"] },
} as const satisfies KeyNotes;

export const RULE_TICKET_NOTES = {
  "rules.*.reason.ticket": {
    description:
      "A regular expression that a ticket in the reason matches; or, with in, a tracker that is asked about the ticket.",
    default: null,
    examples: [{ in: "payments", assignee: "requester" }],
  },
  "rules.*.reason.ticket.in": {
    description: "The tracker, by its name in tickets. Each request is for one ticket of it.",
    examples: ["payments"],
  },
  "rules.*.reason.ticket.status": {
    description: "What its status has to be.",
    default: ["open", "in-progress"],
    examples: [["in-progress"]],
  },
  "rules.*.reason.ticket.assignee": {
    description: "Set to requester, it has to be assigned to whoever asks.",
    default: null,
    examples: ["requester"],
  },
  "rules.*.reason.ticket.reporter": {
    description: "Set to other, somebody else has to have made it, before the request.",
    default: null,
    examples: ["other"],
  },
  "rules.*.reason.ticket.ifUnknown": {
    description:
      "Set to ask, approvers may decide while the tracker does not say, and the record says so.",
    default: null,
    examples: ["ask"],
  },
  "rules.*.endsWithTicket": {
    description: "With reason.ticket.in. Access ends within minutes after its ticket is closed.",
    default: false,
    examples: [true],
  },
} as const satisfies KeyNotes;

const key = keyWith({ ...TICKETS_NOTES, ...RULE_TICKET_NOTES });

const text = (form: RegExp, error: string) => z.string().check(z.regex(form, error));

/** A tracker's host gets a token, so its domain is the vendor's. */
const Site = text(
  /^[a-z0-9][a-z0-9-]{0,62}\.atlassian\.net$/,
  "Write a site of Jira Cloud in lower case, such as example.atlassian.net.",
);
const Project = text(/^[A-Z][A-Z0-9_]{1,9}$/, "Write the key of a project, such as PAY.");
const Instance = text(
  /^[a-z0-9][a-z0-9-]{0,62}$/,
  "Write the first part of the instance's host, such as example of example.service-now.com.",
);
const Owner = text(/^[A-Za-z0-9][A-Za-z0-9-]{0,38}$/, "Write the login of the owner.");
const Repository = text(/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$/, "Write the repository's name.");

const TrackerFile = z
  .strictObject({
    jira: key(
      "tickets.*.jira",
      z.optional(
        z.strictObject({
          site: key("tickets.*.jira.site", Site),
          projects: key("tickets.*.jira.projects", some(Project)),
        }),
      ),
    ),
    serviceNow: key(
      "tickets.*.serviceNow",
      z.optional(z.strictObject({ instance: key("tickets.*.serviceNow.instance", Instance) })),
    ),
    github: key(
      "tickets.*.github",
      z.optional(
        z.strictObject({
          owner: key("tickets.*.github.owner", Owner),
          repository: key("tickets.*.github.repository", Repository),
        }),
      ),
    ),
  })
  .check(
    z.refine(
      (services) => Object.values(services).filter((one) => one !== undefined).length === 1,
      "Name one service: jira, serviceNow or github.",
    ),
  );

const MOST_TRACKERS = 20;

export const TicketsFile = z
  .record(Name, TrackerFile)
  .check(
    z.refine(
      (trackers) => Object.keys(trackers).length <= MOST_TRACKERS,
      `Name at most ${MOST_TRACKERS} trackers.`,
    ),
  );

export const RuleTicketFile = z.strictObject({
  in: key("rules.*.reason.ticket.in", Name),
  status: key("rules.*.reason.ticket.status", z.optional(some(z.enum(OPEN_STATUSES)))),
  assignee: key("rules.*.reason.ticket.assignee", z.optional(z.literal("requester"))),
  reporter: key("rules.*.reason.ticket.reporter", z.optional(z.literal("other"))),
  ifUnknown: key("rules.*.reason.ticket.ifUnknown", z.optional(z.literal("ask"))),
});

export function compileTracker({
  jira,
  serviceNow,
  github,
}: z.output<typeof TrackerFile>): Tracker {
  if (jira) return { service: "jira", ...jira };
  if (serviceNow) return { service: "serviceNow", ...serviceNow };
  const { owner = "", repository = "" } = github ?? {};
  return { service: "github", owner, repository };
}

/** The terms that a rule has for a ticket, with what holds where a key is absent. */
export const compileTicket = ({
  in: tracker,
  status,
  assignee,
  reporter,
  ifUnknown,
}: z.output<typeof RuleTicketFile>): TicketTerms => ({
  in: tracker,
  status: OPEN_STATUSES.filter((each) => status?.includes(each) ?? true),
  ...(assignee ? { assignee } : {}),
  ...(reporter ? { reporter } : {}),
  ...(ifUnknown ? { ifUnknown } : {}),
});
