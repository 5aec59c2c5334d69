/** A policy of any size in which one person's own part is always as large. */
import type { AccessPolicy, Person, Rule } from "../../shared/domain/policy/policy.ts";

const ACCOUNT = "111122223333";
/** How many people are in each group, at most; each group has a rule, and approves another's. */
const GROUP_SIZE = 5;

export const roleOf = (name: string) => `arn:aws:iam::${ACCOUNT}:role/people/${name}`;
export const sessionOf = (name: string) => `arn:aws:sts::${ACCOUNT}:assumed-role/${name}/laptop`;
export const personName = (at: number) => `person-${at}`;

/** So many people and so many rules, each for one group; a multiple of 5. As a function loads it. */
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
    rules: Array.from({ length: size }, (_, at) => ruleAt(at, groups)),
  };
}

const ruleAt = (at: number, groups: number): Rule => ({
  name: `rule-${at}`,
  who: { people: [], groups: [`group-${at % groups}`] },
  clusters: ["prod"],
  access: { policies: ["AmazonEKSEditPolicy"], namespaces: [`team-${at}-*`], wildcards: false },
  duration: { maxSeconds: 14_400, defaultSeconds: 3_600 },
  hours: null,
  atMost: null,
  startLatestSeconds: 30 * 86_400,
  lapseSeconds: 86_400,
  approval: [{ groups: [`group-${(at + 1) % groups}`], count: 1 }],
  reason: { minLength: 10, ticket: "^(PAY|INC)-[0-9]+$" },
  breakGlass: false,
  sharedPrincipals: false,
  approverMayHoldPrincipal: false,
  foreignPrincipals: false,
  delegable: true,
  decideIn: ["api", "slack"],
  notify: { direct: false },
});
