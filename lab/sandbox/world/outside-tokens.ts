import { randomBytes } from "node:crypto";
import type { Service } from "../outside/service-names.ts";

/** The names under which `outside` looks for tokens; docs/on-call.md has an operator put them. */
export const OUTSIDE_TOKENS: Readonly<Record<Service, string>> = {
  pagerduty: "/timelatch/outside/pagerduty",
  incidentIo: "/timelatch/outside/incident-io",
  jiraOperations: "/timelatch/outside/jira-operations",
  jira: "/timelatch/outside/jira",
  serviceNow: "/timelatch/outside/service-now",
  github: "/timelatch/outside/github",
};

const secret = () => randomBytes(10).toString("hex");

/** The tokens that an operator would have put: those of this sandbox's own services. */
export const initialTokens = (): Readonly<Record<string, string>> => {
  // An account of Atlassian has one token for both of its services.
  const atlassian = `timelatch@example.com:${secret()}`;
  return {
    [OUTSIDE_TOKENS.pagerduty]: secret(),
    [OUTSIDE_TOKENS.incidentIo]: secret(),
    [OUTSIDE_TOKENS.jiraOperations]: atlassian,
    [OUTSIDE_TOKENS.jira]: atlassian,
    [OUTSIDE_TOKENS.serviceNow]: `timelatch:${secret()}`,
    [OUTSIDE_TOKENS.github]: secret(),
  };
};
