/**
 * The holes of `policy prove` in one policy of the sandbox's people: each has groups and rules of its own, so that no
 * hole opens another.
 */
import { expect } from "vitest";
import type { Access } from "../../shared/domain/requests/request.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import { type BreachStep, stepsOf } from "../../shared/policy-tools/prove/steps.ts";
import { principalArnOf } from "../sample-principals.ts";
import type { Hole } from "../shared/policy-tools/prove/hole.ts";
import { proofOf, smallPolicy } from "../shared/policy-tools/prove/hole-policy.ts";
import { HOLES } from "../shared/policy-tools/prove/holes.ts";
import type { AbuseSandbox } from "./abuse-sandbox.ts";
import { join, type SampleFile } from "./overseas-access.ts";

/** People of the sandbox who can call the API. */
const PEOPLE = ["alice", "bob", "carol", "dave", "mallory", "heidi"] as const;

type Words = Readonly<Record<string, unknown>>;

/** The terms of a request, as the API takes them. */
interface PlayedAsk {
  readonly as: string;
  readonly cluster: string;
  readonly access: Access;
  readonly duration: string;
  readonly reason: string;
  readonly principalArn: string;
  readonly rule: string;
}

export interface PlayedHole {
  readonly name: string;
  /** Groups of the sandbox's people, by name. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
  readonly rules: readonly Words[];
  readonly steps: readonly (
    | { readonly kind: "ask"; readonly ask: PlayedAsk }
    | {
        readonly kind: "approve";
        readonly as: string;
        readonly request: number;
        readonly onBehalfOf?: string;
      }
  )[];
}

/** Holes of people who have only groups. The others need e-mail addresses, principals or identities of their own. */
export const playedHoles = (): readonly PlayedHole[] =>
  HOLES.filter(isExpressible).map((hole, at) => playedHole(hole, at));

function isExpressible({ claim, hole: { people, rules, more = {} } }: Hole): boolean {
  const settings = JSON.stringify(more);
  return (
    "reach" in claim &&
    Object.keys(people).length <= PEOPLE.length &&
    Object.values(people).every(Array.isArray) &&
    ["{}", '{"delegations":{"allowed":true}}', '{"roles":{"admins":["ops"]}}'].includes(settings) &&
    // The sandbox's clock is not within these hours, and AWS has no such policy.
    !rules.some((rule) => "when" in rule || "newerPolicies" in rule)
  );
}

function playedHole(found: Hole, at: number): PlayedHole {
  const { name, claim, groups, hole } = found;
  const names = Object.keys(hole.people);
  const personOf = (one: string) => PEOPLE[(names.indexOf(one) + at) % PEOPLE.length] ?? one;
  const own = (group: string) => `hole-${at}-${group}`;
  const { breach } = proofOf(smallPolicy(hole), claim, groups);
  if (breach?.kind !== "reach") throw new Error(`${name} is no hole.`);
  return {
    name,
    groups: Object.fromEntries(
      Object.entries(hole.people).map(([one, of]) => [
        personOf(one),
        (of as readonly string[]).map(own),
      ]),
    ),
    rules: hole.rules.map((rule, n) =>
      ruleOf(rule as Words, `hole-${at}-rule-${n}`, own, personOf),
    ),
    steps: stepsOf("prod", breach, new Date().toISOString()).map((step) =>
      playedStep(step, at, personOf),
    ),
  };
}

/** By default one person of `dev` borrows Edit on prod with one of `leads`, as in `smallPolicy`. */
function ruleOf(
  rule: Words,
  name: string,
  own: (group: string) => string,
  personOf: (name: string) => string,
): Words {
  const all = {
    who: { groups: ["dev"] },
    clusters: ["prod"],
    access: { policies: ["AmazonEKSEditPolicy"], scope: "cluster" },
    duration: { max: "1h" },
    approval: [{ groups: ["leads"], count: 1 }],
    ...rule,
    name,
  };
  const { access, ...others } = JSON.parse(JSON.stringify(all)) as Words;
  const renamed = JSON.stringify(others, (key, value: unknown) => {
    if (key === "groups" || key === "by") return (value as string[]).map(own);
    if (key === "people") return (value as string[]).map(personOf);
    return key === "clusters"
      ? (value as string[]).map((one) => (one === "test" ? "staging" : one))
      : value;
  });
  return { ...(JSON.parse(renamed) as Words), access };
}

function playedStep(step: BreachStep, at: number, personOf: (name: string) => string) {
  const as = personOf(step.as);
  if (step.kind === "approve") {
    const { request, onBehalfOf } = step;
    const behalf = onBehalfOf === undefined ? {} : { onBehalfOf: personOf(onBehalfOf) };
    return { kind: "approve", as, request, ...behalf } as const;
  }
  const { cluster, access, durationSeconds, reason = "", rule } = step;
  const ask = {
    ...{ as, cluster, access, reason, principalArn: principalArnOf(as) },
    duration: `${durationSeconds}s`,
    rule: rule.replace("rule-", `hole-${at}-rule-`),
  };
  return { kind: "ask", ask } as const;
}

/** Puts the groups and the rules of holes into the sample. */
export function addHoles(file: SampleFile, holes: readonly PlayedHole[]): void {
  for (const { groups, rules } of holes) {
    for (const [name, own] of Object.entries(groups)) join(file, name, ...own);
    file.rules.push(...rules);
  }
}

/** Does each step. @returns the requests, all of which were approved, and who asked for each */
export async function playHole(sandbox: AbuseSandbox, { steps }: PlayedHole) {
  const requests: { readonly by: string; request: RequestAnswer }[] = [];
  for (const step of steps) {
    if (step.kind === "ask") {
      const { as, ...ask } = step.ask;
      requests.push({ by: as, request: await sandbox.person(as).ask(ask) });
      continue;
    }
    const asked = requests[step.request];
    if (!asked) throw new Error("A step approves a request that nobody made.");
    const { as, onBehalfOf } = step;
    if (onBehalfOf !== undefined) {
      const until = new Date(Date.now() + 3_600_000).toISOString();
      await sandbox.person(onBehalfOf).post("/v1/delegations", { to: as, until });
    }
    const { id, digest } = asked.request;
    const decision = { verdict: "approve", digest, ...(onBehalfOf ? { onBehalfOf } : {}) };
    const answer = await sandbox.person(as).post(`/v1/requests/${id}/decision`, decision);
    expect(answer).toMatchObject({ status: 200 });
    asked.request = answer.body;
  }
  return requests;
}
