/** The schedules of `access.yaml`, and people's ids at the services that keep them. */
import * as z from "zod/mini";
import {
  type OnCallSchedule,
  type OutsideIds,
  PAGERDUTY_REGIONS,
} from "../domain/facts/on-call-schedule.ts";
import { Name } from "./file-values.ts";
import { type KeyNotes, keyWith } from "./noted.ts";

const ULID = "01HZX3Q7K5M8N2P4R6S9T0V1W2";
const SYS_ID = "5137153cc611227c000bbd1bd8cd2005";
const UUID = "11111111-2222-3333-4444-555555555555";

export const SCHEDULES_NOTES = {
  schedules: {
    description:
      "Schedules of services that say who is on call, by names of your own: 50 at most. Rules name them in onCall.",
    default: {},
    examples: [{ primary: { pagerduty: { schedule: "PI7DH85" } } }],
  },
  "schedules.*.pagerduty": {
    description: "A schedule of PagerDuty.",
    default: null,
    examples: [{ schedule: "PI7DH85", region: "eu" }],
  },
  "schedules.*.pagerduty.schedule": {
    description: "Its id: the end of its address in PagerDuty.",
    examples: ["PI7DH85"],
  },
  "schedules.*.pagerduty.region": {
    description: "The service region of the account.",
    default: "us",
    examples: ["eu"],
  },
  "schedules.*.incidentIo": {
    description: "A schedule of incident.io.",
    default: null,
    examples: [{ schedule: ULID }],
  },
  "schedules.*.incidentIo.schedule": { description: "Its id.", examples: [ULID] },
  "schedules.*.jiraOperations": {
    description: "A schedule of Jira Service Management's operations.",
    default: null,
    examples: [{ cloudId: UUID, schedule: UUID }],
  },
  "schedules.*.jiraOperations.cloudId": {
    description: "The id of the site: https://SITE.atlassian.net/_edge/tenant_info shows it.",
    examples: [UUID],
  },
  "schedules.*.jiraOperations.schedule": { description: "Its id.", examples: [UUID] },
} as const satisfies KeyNotes;

export const OUTSIDE_NOTES = {
  "people.*.outside": {
    description:
      "The person's ids at services that say who is on call, and at trackers of tickets. Each is of one person, and nobody signs in by it.",
    default: {},
    examples: [{ pagerduty: "PXPGF42" }],
  },
  "people.*.outside.pagerduty": {
    description: "The id of their user in PagerDuty: the end of their profile's address.",
    default: null,
    examples: ["PXPGF42"],
  },
  "people.*.outside.incidentIo": {
    description: "The id of their user in incident.io.",
    default: null,
    examples: [ULID],
  },
  "people.*.outside.atlassian": {
    description: "The id of their Atlassian account.",
    default: null,
    examples: ["5b10a2844c20165700ede21g"],
  },
  "people.*.outside.serviceNow": {
    description: "The sys_id of their user in ServiceNow.",
    default: null,
    examples: [SYS_ID],
  },
  "people.*.outside.github": {
    description:
      "The number of their account at GitHub, which https://api.github.com/users/LOGIN shows as id.",
    default: null,
    examples: [583231],
  },
} as const satisfies KeyNotes;

const key = keyWith({ ...SCHEDULES_NOTES, ...OUTSIDE_NOTES });

const id = (form: RegExp, error: string) => z.string().check(z.regex(form, error));

/** An id becomes a part of an address, so no other letter may stand in it. */
const PagerDutyId = id(/^[A-Z0-9]{2,32}$/, "Write an id of PagerDuty, such as PI7DH85.");
const Ulid = id(/^[0-9A-HJKMNP-TV-Z]{26}$/, `Write an id of incident.io, such as ${ULID}.`);
const Uuid = id(
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
  `Write an id in lower case, such as ${UUID}.`,
);
const AccountId = id(
  /^[0-9A-Za-z:_-]{1,128}$/,
  "Write the id of an Atlassian account, such as 5b10a2844c20165700ede21g.",
);

const SysId = id(/^[0-9a-f]{32}$/, `Write a sys_id in lower case, such as ${SYS_ID}.`);

const PagerDuty = z.strictObject({
  schedule: key("schedules.*.pagerduty.schedule", PagerDutyId),
  region: key("schedules.*.pagerduty.region", z.optional(z.enum(PAGERDUTY_REGIONS))),
});

const ScheduleFile = z
  .strictObject({
    pagerduty: key("schedules.*.pagerduty", z.optional(PagerDuty)),
    incidentIo: key(
      "schedules.*.incidentIo",
      z.optional(z.strictObject({ schedule: key("schedules.*.incidentIo.schedule", Ulid) })),
    ),
    jiraOperations: key(
      "schedules.*.jiraOperations",
      z.optional(
        z.strictObject({
          cloudId: key("schedules.*.jiraOperations.cloudId", Uuid),
          schedule: key("schedules.*.jiraOperations.schedule", Uuid),
        }),
      ),
    ),
  })
  .check(
    z.refine(
      (services) => Object.values(services).filter((one) => one !== undefined).length === 1,
      "Name one service: pagerduty, incidentIo or jiraOperations.",
    ),
  );

/** One read asks for all of them, and the table answers 100 items at once. */
const MOST_SCHEDULES = 50;

export const SchedulesFile = z
  .record(Name, ScheduleFile)
  .check(
    z.refine(
      (schedules) => Object.keys(schedules).length <= MOST_SCHEDULES,
      `Name at most ${MOST_SCHEDULES} schedules.`,
    ),
  );

export const OutsideFile = z.strictObject({
  pagerduty: key("people.*.outside.pagerduty", z.exactOptional(PagerDutyId)),
  incidentIo: key("people.*.outside.incidentIo", z.exactOptional(Ulid)),
  atlassian: key("people.*.outside.atlassian", z.exactOptional(AccountId)),
  serviceNow: key("people.*.outside.serviceNow", z.exactOptional(SysId)),
  github: key("people.*.outside.github", z.exactOptional(z.int().check(z.gte(1)))),
});

/** One schedule, with what holds where a key is absent. */
export function compileSchedule({
  pagerduty,
  incidentIo,
  jiraOperations,
}: z.output<typeof ScheduleFile>): OnCallSchedule {
  if (pagerduty)
    return {
      service: "pagerduty",
      schedule: pagerduty.schedule,
      region: pagerduty.region ?? "us",
    };
  if (incidentIo) return { service: "incidentIo", schedule: incidentIo.schedule };
  const { cloudId = "", schedule = "" } = jiraOperations ?? {};
  return { service: "jiraOperations", cloudId, schedule };
}

/** Undefined where the file has no id of the person. */
export function compileOutside(
  outside: z.output<typeof OutsideFile> | undefined,
): OutsideIds | undefined {
  if (!outside || Object.keys(outside).length === 0) return undefined;
  const { github, ...ids } = outside;
  return { ...ids, ...(github === undefined ? {} : { github: String(github) }) };
}
