/**
 * The holes of `policy prove` in one policy of the sandbox: each has people, roles, groups and rules of its own, so that
 * no hole opens another.
 */
import { expect } from "vitest";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import { parseAccessPolicy } from "../../shared/policy-file/parse-access-policy.ts";
import { type BreachStep, stepsOf } from "../../shared/policy-tools/prove/steps.ts";
import type { Hole } from "../shared/policy-tools/prove/hole.ts";
import { proofOf, smallFile } from "../shared/policy-tools/prove/hole-policy.ts";
import { HOLES } from "../shared/policy-tools/prove/holes.ts";
import type { AbuseSandbox } from "./abuse-sandbox.ts";
import { eventually } from "./eventually.ts";
import type { HolePerson } from "./hole-roles.ts";
import type { SampleFile } from "./overseas-access.ts";
import { buttonsOf, slackPerson } from "./slack-person.ts";

type Words = Readonly<Record<string, unknown>>;

export interface PlayedHole {
  readonly name: string;
  readonly people: Readonly<Record<string, HolePerson>>;
  readonly rules: readonly Words[];
  /** Groups whose members may decide for others. */
  readonly delegates: readonly string[];
  readonly steps: readonly BreachStep[];
}

/** Users of the sandbox's Slack for the people of holes. The sample must not name them. */
const SLACK_USERS = ["U0004", "U0005", "U0001", "U0010"] as const;

export const playedHoles = (): readonly PlayedHole[] => {
  const users = [...SLACK_USERS];
  return HOLES.filter(({ claim }) => "reach" in claim).map((hole, at) =>
    playedHole(hole, `h${at}`, () => users.shift() ?? "U0000"),
  );
};

function playedHole(hole: Hole, id: string, nextUser: () => string): PlayedHole {
  const file = renamed(smallFile(hole.hole), id, nextUser) as Words;
  const policy = parseAccessPolicy(JSON.stringify(file));
  const { breach } = proofOf(policy, renamed(hole.claim, id, nextUser), hole.groups);
  if (breach?.kind !== "reach") throw new Error(`${hole.name} is no hole.`);
  const people = file["people"] as PlayedHole["people"];
  const { to } = (file["delegations"] ?? {}) as { to?: { groups: string[] } };
  const isDelegating = file["delegations"] !== undefined;
  const all = Object.values(people).flatMap(({ groups }) => groups);
  return {
    name: hole.name,
    people,
    rules: file["rules"] as readonly Words[],
    delegates: isDelegating ? (to?.groups ?? all) : [],
    steps: stepsOf(policy, "prod", breach, new Date().toISOString()),
  };
}

/** The sandbox's clock is within these hours, and its EKS has this policy, of which AWS documents nothing. */
const ALWAYS = { days: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], from: "00:00" };
const UNDOCUMENTED = "AmazonEKSSecretAdminPolicy";

/** The same with names of the hole's own: of its people, their roles, groups and addresses, and of its rules. */
function renamed(file: object, id: string, nextUser: () => string): object {
  const own = (name: string) => `${id}-${name}`;
  const keyed = (value: object) =>
    Object.fromEntries(Object.entries(value).map(([name, one]) => [own(name), one]));
  const text = JSON.stringify(file, (key, value: unknown) => {
    if (key === "access") return { kept: JSON.stringify(value) };
    if (key === "when") return { ...(value as object), ...ALWAYS, to: "24:00" };
    if (key === "slack" && Array.isArray(value)) return [`T0001/${nextUser()}`];
    if (["groups", "by", "owners", "admins"].includes(key)) return (value as string[]).map(own);
    if (key === "people" && typeof value === "object")
      return Array.isArray(value) ? value.map(own) : keyed(value ?? {});
    if (key === "clusters" && Array.isArray(value))
      return value.map((one) => (one === "test" ? "staging" : one));
    return value;
  })
    .replaceAll(/"rule-\d+"/g, (name) => JSON.stringify(own(JSON.parse(name))))
    .replaceAll(/:role\/(?:people\/)?([\w-]+)/g, (_all, name) => `:role/holes/${own(name)}`)
    .replaceAll(/"([\w-]+@example\.com)"/g, (_all, address) => `"${own(address)}"`)
    .replaceAll('"test":', '"staging":');
  return JSON.parse(text, (_key, value) =>
    typeof value?.kept === "string"
      ? JSON.parse(value.kept.replaceAll("AmazonEKSNewPolicy", UNDOCUMENTED))
      : value,
  );
}

/** Puts the people and the rules of holes into the sample. */
export function addHoles(file: SampleFile, holes: readonly PlayedHole[]): void {
  const { people, delegations } = file as SampleFile & { delegations: Words };
  for (const user of SLACK_USERS)
    for (const person of Object.values(people as unknown as PlayedHole["people"]))
      if (person.identities.slack?.includes(`T0001/${user}`))
        Object.assign(person, { identities: { ...person.identities, slack: undefined } });
  for (const hole of holes) {
    Object.assign(people, hole.people);
    file.rules.push(...hole.rules);
  }
  const groups = holes.flatMap(({ delegates }) => delegates);
  if (groups.length > 0) Object.assign(delegations, { to: { groups: [...new Set(groups)] } });
}

/** A request with its extensions, and who asked for it. */
export interface PlayedRequest {
  readonly by: string;
  readonly grants: RequestAnswer[];
}

/** Does each step, once the hole's people were let in. @returns the requests, all of which are active then */
export async function playHole(
  sandbox: AbuseSandbox,
  hole: PlayedHole,
): Promise<readonly PlayedRequest[]> {
  const requests: PlayedRequest[] = [];
  for (const step of hole.steps) await playStep(sandbox, hole, step, requests);
  for (const { by, grants } of requests) await beActive(sandbox, by, grants.at(-1));
  return requests;
}

async function playStep(
  sandbox: AbuseSandbox,
  { people }: PlayedHole,
  step: BreachStep,
  requests: PlayedRequest[],
): Promise<void> {
  const person = sandbox.person(step.as);
  if (step.kind === "request") {
    const { as: by, cluster, access, durationSeconds, reason = "", principalArn, rule } = step;
    const ask = { cluster, access, reason, principalArn, rule, duration: `${durationSeconds}s` };
    requests.push({ by, grants: [await person.ask(ask)] });
    return;
  }
  if (step.kind === "delegate") {
    const { to, until } = step;
    expect(await person.post("/v1/delegations", { to, until })).toMatchObject({ status: 201 });
    return;
  }
  const { by, grants } = requests[step.request] ?? { by: "", grants: [] };
  const grant = grants.at(-1);
  if (!grant) throw new Error("A step is about a request that nobody made.");
  if (step.kind === "approve") {
    const user = people[step.as]?.identities.slack?.[0]?.replace("T0001/", "");
    if (step.surface === "slack") return approveInSlack(sandbox, user ?? "", grant);
    const { id, digest } = grant;
    const behalf = step.onBehalfOf === undefined ? {} : { onBehalfOf: step.onBehalfOf };
    const decision = { verdict: "approve", digest, ...behalf };
    const answer = await person.post(`/v1/requests/${id}/decision`, decision);
    expect(answer).toMatchObject({ status: 200 });
    return;
  }
  const { id } = await beActive(sandbox, by, grant);
  const duration = `${step.durationSeconds}s`;
  const answer = await person.post(`/v1/requests/${id}/extend`, { duration });
  expect(answer).toMatchObject({ status: 201 });
  grants.push(answer.body);
}

/** A channel takes one message a second, and the races before have left many. */
const CROWD_SECONDS = 120;

/** A click on Approve at the request's message. In Slack nobody says for whom: their only open place is the delegator's. */
async function approveInSlack(
  sandbox: AbuseSandbox,
  user: string,
  { id }: RequestAnswer,
): Promise<void> {
  const slack = slackPerson(sandbox, user);
  const isAbout = (message: Awaited<ReturnType<typeof slack.messages>>[number]) =>
    buttonsOf(message).some(
      ({ action_id, value = "" }) => action_id === "approve" && value.includes(id),
    );
  const messages = await eventually(slack.messages, (all) => all.some(isAbout), CROWD_SECONDS);
  const message = messages.find(isAbout);
  if (!message) throw new Error(`No message asks about ${id}.`);
  const answer = await slack.send(await slack.click(message, "approve"));
  expect(answer).toEqual({ status: 200, text: "" });
}

async function beActive(
  sandbox: AbuseSandbox,
  by: string,
  grant: RequestAnswer | undefined,
): Promise<RequestAnswer> {
  if (!grant) throw new Error("Nobody asked.");
  const begun = await sandbox.person(by).until(grant, ["active", "failed"], 60);
  if (begun.state !== "active") throw new Error(`It failed: ${JSON.stringify(begun.outcome)}`);
  return begun;
}
