import type { OnCallService } from "../facts/on-call-schedule.ts";
import type { TrackerService } from "../facts/tracker.ts";

/** The services that are asked for facts. */
export type OutsideService = OnCallService | TrackerService;

const NAMES: Readonly<Record<OutsideService, string>> = {
  pagerduty: "pagerduty",
  incidentIo: "incident-io",
  jiraOperations: "jira-operations",
  jira: "jira",
  serviceNow: "service-now",
  github: "github",
};

/**
 * The parameter with the token of a service, a SecureString that an operator stores. It is under the
 * deployment's own path, so that two deployments share no token.
 */
export const outsideTokenOf = (deployment: string, service: OutsideService): string =>
  `/${deployment}/outside/${NAMES[service]}`;
