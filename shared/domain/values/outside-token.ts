import type { OnCallService } from "../facts/on-call-schedule.ts";

const NAMES: Readonly<Record<OnCallService, string>> = {
  pagerduty: "pagerduty",
  incidentIo: "incident-io",
  jiraOperations: "jira-operations",
};

/**
 * The parameter with the token of a service, a SecureString that an operator stores. It is under the
 * deployment's own path, so that two deployments share no token.
 */
export const outsideTokenOf = (deployment: string, service: OnCallService): string =>
  `/${deployment}/outside/${NAMES[service]}`;
