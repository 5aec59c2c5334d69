/** The trackers of `access.yaml`: where a ticket is looked up. Pure. */
import type { OnCallSchedule, OutsideIds } from "./on-call-schedule.ts";

/** One tracker, by the ids of its service. */
export type Tracker =
  | {
      readonly service: "jira";
      /** Such as `example.atlassian.net`. */
      readonly site: string;
      /** The projects whose tickets count, by their keys. */
      readonly projects: readonly string[];
    }
  | {
      readonly service: "serviceNow";
      /** Such as `example`, of `example.service-now.com`. */
      readonly instance: string;
    }
  | {
      readonly service: "github";
      readonly owner: string;
      readonly repository: string;
    };

export type TrackerService = Tracker["service"];

const ID_OF: Readonly<Record<TrackerService, keyof OutsideIds>> = {
  jira: "atlassian",
  serviceNow: "serviceNow",
  github: "github",
};

/** The table of people's ids by which a tracker knows them. */
export const idNameAt = ({ service }: Pick<Tracker, "service">): keyof OutsideIds => ID_OF[service];

/** The id by which a tracker knows a person; undefined where the file has no such id. */
export const idAtTracker = (
  tracker: Pick<Tracker, "service">,
  ids: OutsideIds | undefined,
): string | undefined => ids?.[idNameAt(tracker)];

/** A tracker's place, without what of it counts: `jira/example.atlassian.net`. */
export function placeOf(tracker: Tracker): string {
  if (tracker.service === "jira") return `jira/${tracker.site}`;
  if (tracker.service === "serviceNow") return `serviceNow/${tracker.instance}`;
  return `github/${tracker.owner}/${tracker.repository}`;
}

/**
 * A key for one ticket of one tracker, by which its readings are stored. A name of `access.yaml` would
 * not do: after a deployment it may mean another tracker.
 */
export const ticketKey = (tracker: Tracker, ticket: string): string =>
  `${placeOf(tracker)}/${ticket}`;

/** The ticket of a tracker by its key; undefined for a key of another place. */
export function ticketOfKey(tracker: Tracker, key: string): string | undefined {
  const place = `${placeOf(tracker)}/`;
  const ticket = key.startsWith(place) ? key.slice(place.length) : undefined;
  return ticket !== undefined && ticketNamed(tracker, ticket) === ticket ? ticket : undefined;
}

const JIRA = /^([A-Z][A-Z0-9_]{1,9})-[1-9]\d{0,8}$/;
const SERVICE_NOW = /^(?:INC|CHG)\d{4,12}$/;
const GITHUB = /^#?([1-9]\d{0,8})$/;

/**
 * A ticket as its tracker writes it; undefined for a text that is no ticket of the tracker. Nothing else
 * becomes a part of an address.
 */
export function ticketNamed(tracker: Tracker, text: string): string | undefined {
  if (tracker.service === "github") {
    const number = GITHUB.exec(text)?.[1];
    return number === undefined ? undefined : `#${number}`;
  }
  const upper = text.toUpperCase();
  if (tracker.service === "serviceNow") return SERVICE_NOW.test(upper) ? upper : undefined;
  return tracker.projects.includes(JIRA.exec(upper)?.[1] ?? "") ? upper : undefined;
}

const IN_TEXT: Readonly<Record<TrackerService, RegExp>> = {
  jira: /(?<![A-Z0-9_-])[A-Z][A-Z0-9_]{1,9}-[1-9]\d{0,8}(?![\w-])/g,
  serviceNow: /(?<![\w-])(?:INC|CHG)\d{4,12}(?![\w-])/g,
  github: /(?<![\w/#-])#[1-9]\d{0,8}(?![\w-])/g,
};

/** The tickets of a tracker that a text names, each once. Keys count as they are written, in capitals. */
export const ticketsIn = (tracker: Tracker, text: string): readonly string[] => [
  ...new Set(
    (text.match(IN_TEXT[tracker.service]) ?? []).flatMap(
      (each) => ticketNamed(tracker, each) ?? [],
    ),
  ),
];

/** The statuses that a rule may ask for. */
export const OPEN_STATUSES = ["open", "in-progress"] as const;

/** The terms that a rule has for a ticket. */
export interface TicketTerms {
  /** The tracker, by its name in `access.yaml`. */
  readonly in: string;
  readonly status: readonly (typeof OPEN_STATUSES)[number][];
  /** Present where it has to be assigned to whoever asks. */
  readonly assignee?: "requester";
  /** Present where somebody else has to have made it, before the request. */
  readonly reporter?: "other";
  /** Present where an approver may decide while the ticket is unknown. */
  readonly ifUnknown?: "ask";
}

/** The part of a rule that is about a ticket. */
export interface AskedOfTicket {
  /** Absent where the rule asks no tracker. */
  readonly ticket?: TicketTerms;
  /** Present where access ends once its ticket is closed. */
  readonly endsWithTicket?: true;
}

/** The services of a policy that are asked for facts, by names of the file's own. */
export interface ServicesOutside {
  /** Absent where no rule asks who is on call. */
  readonly schedules?: Readonly<Record<string, OnCallSchedule>>;
  /** Absent where no rule asks about a ticket. */
  readonly tickets?: Readonly<Record<string, Tracker>>;
}

/** The tracker of that name in a policy; undefined for an unknown name. */
export const trackerNamed = (
  { tickets = {} }: ServicesOutside,
  name: string,
): Tracker | undefined => (Object.hasOwn(tickets, name) ? tickets[name] : undefined);
