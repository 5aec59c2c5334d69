/** A policy of any size in which one person's own part is always as large. */
import type { AccessPolicy, Person, Rule } from "../../../shared/domain/policy/policy.ts";

const ACCOUNT = "111122223333";
/** How many people are in each group, at most; each group has a rule, and approves another's. */
const GROUP_SIZE = 5;

export const roleOf = (name: string) => `arn:aws:iam::${ACCOUNT}:role/people/${name}`;
export const sessionOf = (name: string) => `arn:aws:sts::${ACCOUNT}:assumed-role/${name}/laptop`;
export const personName = (at: number) => `person-${at}`;

/**
 * A policy of `size` people and `size` rules, each for one group; `size` is a multiple of 5. It has
 * the form that a function loads.
 */
export const largePolicy = (size: number) =>
  JSON.parse(JSON.stringify(generated(size))) as AccessPolicy;

function generated(size: number): AccessPolicy {
  const groups = size / GROUP_SIZE;
  const people = Array.from({ length: size }, (_, at): readonly [string, Person] => [
    personName(at),
    {
      email: `${personName(at)}@example.com`,
      groups: [`group-${at % groups}`],
      identities: { iam: [roleOf(personName(at))], slack: [] },
      principals: [roleOf(personName(at))],
    },
  ]);
  return {
    version: 1,
    hash: "0".repeat(64),
    clusters: { prod: { arn: `arn:aws:eks:us-west-2:${ACCOUNT}:cluster/prod`, retired: false } },
    people: Object.fromEntries(people),
    roles: { admins: ["group-0"], auditors: ["group-0"] },
    slack: { teams: ["T0001"], app: "A0001", channel: "C0001", alarms: "C0002" },
    delegations: { longestSeconds: 21 * 86_400 },
    rules: Array.from({ length: size }, (_, at) => ruleAt(at, groups)),
  };
}

/**
 * A rule of any kind: over the numbers, every key occurs. One in eleven is break-glass, and one in
 * thirteen is automatic.
 */
function ruleAt(at: number, groups: number): Rule {
  const group = (after: number) => `group-${(at + after) % groups}`;
  const isGlass = at % 11 === 3;
  const isAutomatic = at % 13 === 4;
  const need = {
    groups: [group(1)],
    count: 1,
    escalate: { afterSeconds: 900, groups: [group(2)] },
  };
  return {
    name: `rule-${at}`,
    who: { people: [], groups: [group(0)] },
    clusters: ["prod"],
    access: { policies: ["AmazonEKSEditPolicy"], namespaces: [`team-${at}-*`], wildcards: false },
    duration: { maxSeconds: 14_400, defaultSeconds: 3_600 },
    hours: {
      days: ["mon", "tue", "wed", "thu", "fri"],
      from: "08:00",
      to: "18:00",
      timezone: "Europe/Berlin",
    },
    atMost: isAutomatic ? { times: 20, perSeconds: 86_400 } : null,
    startLatestSeconds: 7 * 86_400,
    lapseSeconds: 7_200,
    approval: isGlass || isAutomatic ? [] : [need],
    reason: { minLength: 10, ticket: "^(PAY|INC)-[0-9]+$" },
    extend: { times: 2, totalSeconds: 28_800, approval: "same" },
    breakGlass: isGlass,
    ...(isGlass ? { review: { by: [group(1)], withinSeconds: 172_800, block: false } } : {}),
    sharedPrincipals: false,
    approverMayHoldPrincipal: false,
    foreignPrincipals: false,
    delegable: true,
    decideIn: ["api", "slack"],
    notify: { channel: "C0003", direct: true },
    remind: { afterSeconds: 600, times: 3 },
  };
}
