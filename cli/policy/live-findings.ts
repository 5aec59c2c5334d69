/** Whether the schedules, trackers and people of a policy are there, as their services say. */
import type { OnCallService } from "../../shared/domain/facts/on-call-schedule.ts";
import type { Tracker } from "../../shared/domain/facts/tracker.ts";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { NoAnswer } from "../../shared/outside/no-answer.ts";
import { onCallSource } from "../../shared/outside/on-call-source.ts";
import { bodyOf, type OutsideClient, type Query } from "../../shared/outside/outside-client.ts";
import type { PolicyFinding } from "../../shared/policy-tools/finding.ts";
import type { OutsideKey } from "../../shared/policy-tools/people-match/match-people.ts";
import {
  clientAt,
  GITHUB,
  originIn,
  type ReadSetting,
  type UserPlace,
  userPlaces,
  whyNoAnswer,
} from "../people/service-lists.ts";

/** Finds what a file cannot say. A service that says nothing is a warning: nothing is known of what it has. */
export async function liveFindings(
  policy: AccessPolicy,
  setting: ReadSetting,
): Promise<readonly PolicyFinding[]> {
  return [
    ...(await scheduleFindings(policy, setting)),
    ...(await trackerFindings(policy, setting)),
    ...(await listedIds(policy, setting)),
    ...(await githubIds(policy, setting)),
  ];
}

const VARIABLES: Readonly<Record<OnCallService | Tracker["service"], string>> = {
  pagerduty: "TIMELATCH_PAGERDUTY_TOKEN",
  incidentIo: "TIMELATCH_INCIDENT_IO_TOKEN",
  jiraOperations: "TIMELATCH_JIRA_TOKEN",
  jira: "TIMELATCH_JIRA_TOKEN",
  serviceNow: "TIMELATCH_SERVICE_NOW_TOKEN",
  github: "TIMELATCH_GITHUB_TOKEN",
};

type Path = PolicyFinding["path"];

const notAsked = (path: Path, what: string, why: string): PolicyFinding => ({
  code: "service-not-asked",
  path,
  detail: `Whether ${what} is there, is not known: ${why}.`,
});

const noToken = (variable: string) => `${variable} has no token`;

async function scheduleFindings(
  { schedules = {} }: AccessPolicy,
  { env, now, fetch }: ReadSetting,
): Promise<readonly PolicyFinding[]> {
  const source = onCallSource({
    token: (service) => ({
      read: async () => env[VARIABLES[service]] ?? "",
      forget: () => undefined,
    }),
    ...{ clock: { now }, origin: originIn(env), fetch },
  });
  const found = Object.entries(schedules).map(async ([name, schedule]) => {
    const path = ["schedules", name];
    const variable = VARIABLES[schedule.service];
    if (!env[variable]) return [notAsked(path, name, noToken(variable))];
    const look = await source.look(schedule, now());
    if (!("unknown" in look)) return [];
    if (look.unknown !== "gone") return [notAsked(path, name, look.detail ?? look.unknown)];
    return [notThere("schedule-not-there", path, `${name} is no schedule`)];
  });
  return (await Promise.all(found)).flat();
}

const notThere = (code: PolicyFinding["code"], path: Path, what: string): PolicyFinding => ({
  code,
  path,
  detail: `${what} at its service, or is hidden from this token. Correct its id.`,
});

interface Part {
  readonly name: string;
  readonly at: string;
  readonly query?: Query;
}

/** The questions to a tracker: each project, or the repository, or the table of incidents. */
const partsOf = (tracker: Tracker): readonly Part[] => {
  if (tracker.service === "jira")
    return tracker.projects.map((name) => ({ name, at: `/rest/api/3/project/${name}` }));
  if (tracker.service === "serviceNow")
    return [
      { name: tracker.instance, at: "/api/now/table/incident", query: [["sysparm_limit", "1"]] },
    ];
  const name = `${tracker.owner}/${tracker.repository}`;
  return [
    { name, at: `/repos/${[tracker.owner, tracker.repository].map(encodeURIComponent).join("/")}` },
  ];
};

async function trackerFindings(
  policy: AccessPolicy,
  setting: ReadSetting,
): Promise<readonly PolicyFinding[]> {
  const found = Object.entries(policy.tickets ?? {}).map(async ([name, tracker]) => {
    const path = ["tickets", name];
    const variable = VARIABLES[tracker.service];
    if (!setting.env[variable]) return [notAsked(path, name, noToken(variable))];
    const [place] =
      tracker.service === "github" ? [GITHUB] : userPlaces({ tickets: { name: tracker } });
    if (!place) return [];
    const client = clientAt(place, setting);
    const answers = partsOf(tracker).map(async (part) => {
      const isThere = await asked(client, part.at, part.query);
      if (isThere === true) return [];
      return isThere === false
        ? [notThere("tracker-not-there", path, `${part.name} is not there`)]
        : [notAsked(path, part.name, isThere)];
    });
    return (await Promise.all(answers)).flat();
  });
  return (await Promise.all(found)).flat();
}

/** Whether something is there; or why that is not known. */
async function asked(
  client: OutsideClient,
  path: string,
  query: Query = [],
): Promise<boolean | string> {
  try {
    const answer = await client.get(path, query);
    // Atlassian answers a token that it does not take as nobody's, so what is hidden looks gone.
    const login = answer.headers.get("x-seraph-loginreason");
    if (login !== null && login !== "OK") throw new NoAnswer("token-refused");
    bodyOf(answer);
    return true;
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    return error.why === "gone" ? false : whyNoAnswer(error.why);
  }
}

/** The people with an id, by its key. */
const withId = ({ people }: AccessPolicy, key: OutsideKey) =>
  Object.entries(people).flatMap(([person, { outside }]) => {
    const id = outside?.[key];
    return id === undefined ? [] : [{ person, id, path: ["people", person, "outside", key] }];
  });

async function listedIds(
  policy: AccessPolicy,
  setting: ReadSetting,
): Promise<readonly PolicyFinding[]> {
  const byKey = Map.groupBy(userPlaces(policy), ({ key }) => key);
  const found = [...byKey].map(async ([key, places]) => {
    const people = withId(policy, key);
    if (people.length === 0) return [];
    const ids = await idsAt(places, setting);
    return people.flatMap(({ person, id, path }) => {
      if (typeof ids === "string") return [notAsked(path, `the id of ${person}`, ids)];
      return ids.has(id) ? [] : [noPerson(path, person, places[0]?.name ?? key)];
    });
  });
  return (await Promise.all(found)).flat();
}

const noPerson = (path: Path, person: string, service: string): PolicyFinding => ({
  code: "id-not-there",
  path,
  detail: `This id of ${person} is that of no active person of ${service}. Correct it: timelatch people match.`,
});

/** The ids of everyone there; or why they are not known. */
async function idsAt(
  places: readonly UserPlace[],
  setting: ReadSetting,
): Promise<ReadonlySet<string> | string> {
  const without = places.find(({ variable }) => !setting.env[variable]);
  if (without) return noToken(without.variable);
  try {
    const lists = await Promise.all(places.map((each) => each.read(clientAt(each, setting))));
    return new Set(lists.flat().map(({ id }) => id));
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    return whyNoAnswer(error.why);
  }
}

/** GitHub lists nobody; it knows each by the id. https://docs.github.com/en/rest/users/users#get-a-user-using-their-id */
async function githubIds(
  policy: AccessPolicy,
  setting: ReadSetting,
): Promise<readonly PolicyFinding[]> {
  const people = withId(policy, "github");
  const client = clientAt(GITHUB, setting);
  const found = people.map(async ({ person, id, path }) => {
    const isThere = setting.env[GITHUB.variable]
      ? await asked(client, `/user/${encodeURIComponent(id)}`)
      : noToken(GITHUB.variable);
    if (isThere === true) return [];
    return isThere === false
      ? [noPerson(path, person, GITHUB.name)]
      : [notAsked(path, `the id of ${person}`, isThere)];
  });
  return (await Promise.all(found)).flat();
}
