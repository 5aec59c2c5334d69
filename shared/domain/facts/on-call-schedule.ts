/** The schedules of `access.yaml`: where a service says who is on call. */

/** The services that say who is on call. */
export type OnCallService = "pagerduty" | "incidentIo" | "jiraOperations";

/** PagerDuty's service regions, each with a host of its own. */
export const PAGERDUTY_REGIONS = ["us", "eu"] as const;

type PagerDutyRegion = (typeof PAGERDUTY_REGIONS)[number];

/** One schedule, by the ids of its service. */
export type OnCallSchedule =
  | {
      readonly service: "pagerduty";
      /** Such as `PI7DH85`. */
      readonly schedule: string;
      readonly region: PagerDutyRegion;
    }
  | { readonly service: "incidentIo"; readonly schedule: string }
  | {
      readonly service: "jiraOperations";
      /** The id of the site, a UUID. */
      readonly cloudId: string;
      readonly schedule: string;
    };

/** The tables of people's ids. A service of Atlassian knows them by their account's id. */
export const OUTSIDE_IDS = [
  "pagerduty",
  "incidentIo",
  "atlassian",
  "serviceNow",
  "github",
] as const;

/** A person's own id at each service. Nobody signs in by it. */
export type OutsideIds = Readonly<Partial<Record<(typeof OUTSIDE_IDS)[number], string>>>;

const ID_OF: Readonly<Record<OnCallService, keyof OutsideIds>> = {
  pagerduty: "pagerduty",
  incidentIo: "incidentIo",
  jiraOperations: "atlassian",
};

/** The id by which the service of a schedule knows a person; undefined where the file has no such id. */
export const idAt = (
  { service }: Pick<OnCallSchedule, "service">,
  ids: OutsideIds | undefined,
): string | undefined => ids?.[ID_OF[service]];

/**
 * A key for one schedule of one service, by which its readings are stored. A name of `access.yaml`
 * would not do: after a deployment it may mean another schedule.
 */
export const scheduleKey = (of: OnCallSchedule): string => {
  if (of.service === "pagerduty") return `pagerduty/${of.region}/${of.schedule}`;
  if (of.service === "incidentIo") return `incidentIo/${of.schedule}`;
  return `jiraOperations/${of.cloudId}/${of.schedule}`;
};
