import { scheduleKey } from "../../domain/facts/on-call-schedule.ts";
import { placeOf, type Tracker } from "../../domain/facts/tracker.ts";
import type { AccessPolicy } from "../../domain/policy/policy.ts";

/** A fact of a policy, as `policy-facts.ts` has it. */
interface OutsidePart {
  readonly kind: "schedule" | "tracker" | "outside-id";
  readonly of: string;
  readonly is: string;
}

/** The schedules and trackers that names mean, and the ids of people: they decide what other services say. */
export const outsideFacts = ({
  schedules = {},
  tickets = {},
  people,
}: AccessPolicy): readonly OutsidePart[] => [
  ...Object.entries(schedules).map(
    ([of, schedule]): OutsidePart => ({ kind: "schedule", of, is: scheduleKey(schedule) }),
  ),
  ...Object.entries(tickets).map(
    ([of, tracker]): OutsidePart => ({ kind: "tracker", of, is: trackerText(tracker) }),
  ),
  ...Object.entries(people).flatMap(([of, { outside = {} }]) =>
    Object.entries(outside).map(
      ([service, id]): OutsidePart => ({ kind: "outside-id", of, is: `${service} ${id}` }),
    ),
  ),
];

/** `jira/example.atlassian.net for INC and PAY` */
const trackerText = (tracker: Tracker): string =>
  tracker.service === "jira"
    ? `${placeOf(tracker)} for ${tracker.projects.toSorted().join(" and ")}`
    : placeOf(tracker);
