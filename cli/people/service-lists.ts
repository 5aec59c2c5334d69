/** The lists of people of the services that a policy names, read with tokens of whoever runs the command. */
import type { ServicesOutside } from "../../shared/domain/facts/tracker.ts";
import { INCIDENT_IO_HOST, incidentIoHeaders } from "../../shared/outside/incident-io.ts";
import {
  JIRA_OPERATIONS_HOST,
  jiraOperationsHeaders,
} from "../../shared/outside/jira-operations.ts";
import { NoAnswer, type NoAnswerReason } from "../../shared/outside/no-answer.ts";
import { type OutsideClient, outsideClient } from "../../shared/outside/outside-client.ts";
import { PAGERDUTY_HOSTS, pagerdutyHeaders } from "../../shared/outside/pagerduty.ts";
import {
  type PagerdutyAccess,
  pagerdutyAuthorization,
} from "../../shared/outside/pagerduty-authorization.ts";
import { GITHUB_HOST, githubHeaders } from "../../shared/outside/tickets/github.ts";
import {
  incidentIoUsers,
  jiraUsers,
  pagerdutyUsers,
  type ServiceUser,
  serviceNowUsers,
} from "../../shared/outside/users/service-users.ts";
import type { OutsideKey } from "../../shared/policy-tools/people-match/match-people.ts";
import { Failure } from "../failures/failure.ts";

/** A place with a list of people, by the key of their ids. */
export interface UserPlace {
  readonly key: OutsideKey;
  /** The service as people call it. */
  readonly name: string;
  /** Its host, with the path of the API where that does not begin at the root. */
  readonly host: string;
  /** The variable of the environment with a token that may read the list. */
  readonly variable: string;
  readonly headers: (token: string) => Readonly<Record<string, string>>;
  /** Makes the token that is sent of the one that is there. Absent where they are the same. */
  readonly token?: (
    secret: PagerdutyAccess["secret"],
    setting: ReadSetting,
  ) => PagerdutyAccess["secret"];
  readonly read: (client: OutsideClient) => Promise<readonly ServiceUser[]>;
}

const PAGERDUTY = {
  ...({ key: "pagerduty", name: "PagerDuty" } as const),
  ...{ variable: "TIMELATCH_PAGERDUTY_TOKEN", headers: pagerdutyHeaders, read: pagerdutyUsers },
};
const pagerdutyIn = (region: keyof typeof PAGERDUTY_HOSTS): UserPlace => ({
  ...PAGERDUTY,
  host: PAGERDUTY_HOSTS[region],
  token: (secret, { env, now, fetch }) =>
    pagerdutyAuthorization({
      ...{ secret, fetch, clock: { now }, origin: originIn(env) },
      ...{ region, scopes: ["users.read"] },
    }),
});
const INCIDENT_IO = {
  ...({ key: "incidentIo", name: "incident.io", host: INCIDENT_IO_HOST } as const),
  ...{ variable: "TIMELATCH_INCIDENT_IO_TOKEN", headers: incidentIoHeaders, read: incidentIoUsers },
};
const JIRA = {
  ...({ key: "atlassian", name: "Jira" } as const),
  ...{ variable: "TIMELATCH_JIRA_TOKEN", headers: jiraOperationsHeaders, read: jiraUsers },
};
const SERVICE_NOW = {
  ...({ key: "serviceNow", name: "ServiceNow" } as const),
  ...{
    variable: "TIMELATCH_SERVICE_NOW_TOKEN",
    headers: jiraOperationsHeaders,
    read: serviceNowUsers,
  },
};

/** A place of GitHub, which lists nobody. */
export const GITHUB = {
  ...{ name: "GitHub", host: GITHUB_HOST },
  ...{ variable: "TIMELATCH_GITHUB_TOKEN", headers: githubHeaders },
} as const;

/** The lists of the services that a policy names: one for each host. GitHub shows nobody's e-mail address. */
export function userPlaces({
  schedules = {},
  tickets = {},
}: ServicesOutside): readonly UserPlace[] {
  const isTracked = Object.values(tickets).some(({ service }) => service === "jira");
  const places = [
    ...Object.values(schedules).flatMap((of): readonly UserPlace[] => {
      if (of.service === "pagerduty") return [pagerdutyIn(of.region)];
      if (of.service === "incidentIo") return [INCIDENT_IO];
      // An account has one id at every site, so one list will do.
      return isTracked ? [] : [{ ...JIRA, host: jiraBySite(of.cloudId) }];
    }),
    ...Object.values(tickets).flatMap((of): readonly UserPlace[] => {
      if (of.service === "jira") return [{ ...JIRA, host: of.site }];
      if (of.service === "github") return [];
      return [{ ...SERVICE_NOW, host: `${of.instance}.service-now.com` }];
    }),
  ];
  return [...new Map(places.map((place) => [place.host, place])).values()];
}

/** https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account/ */
const jiraBySite = (cloudId: string) =>
  `${JIRA_OPERATIONS_HOST}/ex/jira/${encodeURIComponent(cloudId)}`;

/** The setting of a reading. */
export interface ReadSetting {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => string;
  readonly fetch: typeof fetch;
}

/** The text before each host: a sandbox's address, or the beginning of every URL. */
export const originIn = (env: ReadSetting["env"]): string =>
  env["TIMELATCH_OUTSIDE_ORIGIN"] || "https://";

/** A client of a place, with the token of whoever runs the command. */
export const clientAt = (
  { host, variable, headers, token }: Pick<UserPlace, "host" | "variable" | "headers" | "token">,
  setting: ReadSetting,
): OutsideClient => {
  const { env, now, fetch } = setting;
  const secret = { read: async () => env[variable] ?? "", forget: () => undefined };
  return outsideClient({
    baseUrl: originIn(env) + host,
    token: token?.(secret, setting) ?? secret,
    headers,
    clock: { now },
    fetch,
  });
};

/** @throws Failure `refused` where a list does not come whole: half of one would hide doubles */
export async function usersOf(
  place: UserPlace,
  setting: ReadSetting,
): Promise<readonly ServiceUser[]> {
  try {
    return await place.read(clientAt(place, setting));
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    throw notRead(place, error.why);
  }
}

/** Why a service gave no answer, in words that follow a colon. */
export const whyNoAnswer = (why: NoAnswerReason): string => WHY[why] ?? "its answer cannot be used";

const WHY: Readonly<Partial<Record<NoAnswerReason, string>>> = {
  "token-refused": "it does not take the token",
  "token-unreadable": "the token is JSON that names no app of it",
  forbidden: "the token may not read its people",
  busy: "it wants fewer calls",
  failing: "it has errors",
  unreachable: "it does not answer",
  "too-slow": "it does not answer in five seconds",
};

const notRead = ({ name, host, variable }: UserPlace, why: NoAnswerReason) =>
  new Failure("refused", "people-unlisted", {
    what: `The people of ${name} at ${host} cannot be read: ${whyNoAnswer(why)}.`,
    notDone: "Nothing was written.",
    next: [`Next: see that ${variable} has a token that may read its people, and try again.`],
  });
