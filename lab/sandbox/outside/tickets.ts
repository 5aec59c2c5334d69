/** The tickets of the emulated trackers, and `/_sandbox/tickets`, which sets them. */
import { InvalidRule, members } from "./faults.ts";
import { TRACKERS, type TrackerName } from "./service-names.ts";

export interface Ticket {
  readonly service: TrackerName;
  /** `PAY-1`, `INC0010001`, `CHG0000096`, or `octocat/Hello-World#1347`. */
  readonly key: string;
  readonly title: string;
  /** As the tracker has it: Jira's category, ServiceNow's state, GitHub's state. */
  readonly status: string;
  readonly assignee: string | null;
  readonly reporter: string;
  readonly createdAt: number;
  /** The key that a moved issue of Jira has now; where GitHub sends whoever asks. */
  readonly movedTo?: string;
  readonly isPullRequest: boolean;
  /** A change's approval and window, in ServiceNow's form. */
  readonly approval: string;
  readonly window: readonly [string, string];
}

const MEMBERS = [
  ...["service", "key", "title", "status", "assignee", "reporter", "createdAt"],
  ...["movedTo", "pullRequest", "approval", "from", "to"],
];

/**
 * The tickets with one more, or without it where the body has no status.
 *
 * @throws InvalidRule where the body is not of that form
 */
export function withTicket(
  tickets: readonly Ticket[],
  body: unknown,
  nowMs: number,
): readonly Ticket[] {
  const { status, ...named } = members(body, MEMBERS, "A ticket");
  const service = TRACKERS.find((each) => each === named["service"]);
  if (!service) throw new InvalidRule(`service is one of ${TRACKERS.join(", ")}.`);
  const key = text(named, "key", "");
  if (key === "") throw new InvalidRule("key is the ticket's key or number.");
  const others = tickets.filter((each) => each.service !== service || each.key !== key);
  if (status === undefined) return others;
  if (typeof status !== "string") throw new InvalidRule("status is the tracker's own word.");
  const movedTo = text(named, "movedTo", "");
  const ticket: Ticket = {
    ...{ service, key, status },
    title: text(named, "title", "Payments time out"),
    assignee: named["assignee"] === undefined ? null : text(named, "assignee", ""),
    reporter: text(named, "reporter", "1"),
    createdAt: Date.parse(text(named, "createdAt", new Date(nowMs).toISOString())),
    ...(movedTo === "" ? {} : { movedTo }),
    isPullRequest: named["pullRequest"] === true,
    approval: text(named, "approval", "approved"),
    window: [
      text(named, "from", databaseTime(nowMs)),
      text(named, "to", databaseTime(nowMs + 3_600_000)),
    ],
  };
  if (Number.isNaN(ticket.createdAt)) throw new InvalidRule("createdAt is an instant.");
  return [...others, ticket];
}

function text(from: Readonly<Record<string, unknown>>, name: string, otherwise: string): string {
  const value = from[name] ?? otherwise;
  if (typeof value !== "string") throw new InvalidRule(`${name} is a text.`);
  return value;
}

/** An instant as ServiceNow's database has it. */
export const databaseTime = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().slice(0, 19).replace("T", " ");
