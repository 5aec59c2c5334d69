/** Small policies and claims in which people, names, roles and patterns meet. All from one seed. */
import { type Random, seededRandom } from "../simulation/random.ts";
import type {
  Case,
  ClaimWords,
  FileWords,
  NeedWords,
  PersonWords,
  RuleWords,
} from "./file-words.ts";

const NAMES = ["ann", "ben", "cat", "dan"];
const GROUPS = ["dev", "ops", "leads"];
const POLICIES = [
  "AmazonEKSViewPolicy",
  "AmazonEKSEditPolicy",
  "AmazonEKSAdminPolicy",
  "AmazonEKSAdminViewPolicy",
  "AmazonEKSSecretReaderPolicy",
  "AmazonEKSClusterAdminPolicy",
];
const PATTERNS = [
  ...["*", "k*", "team-*", "team-a", "*-api", "t*a*-api", "kube-system", "web", "a*", "*b-*c"],
];
const ACCOUNT = "111122223333";
const OTHER_ACCOUNT = "444455556666";

const role = (name: string, account = ACCOUNT) => `arn:aws:iam::${account}:role/${name}`;

/** At least one of them. */
function several<Item>(random: Random, items: readonly Item[], probability: number): Item[] {
  const found = random.some(items, probability);
  return found.length > 0 ? found : [random.pick(items)];
}

const maybe = <Part extends object>(random: Random, probability: number, part: Part) =>
  random.chance(probability) ? part : {};

export function randomCase(seed: number): Case {
  const random = seededRandom(seed);
  const file = fileOf(random);
  return {
    file,
    claim: claimOf(random, file),
    groups: random.chance(0.3) ? { readers: "AmazonEKSViewPolicy" } : {},
  };
}

function fileOf(random: Random): FileWords {
  const people = Object.fromEntries(
    NAMES.slice(0, random.whole(2, 4)).map((name) => [name, personOf(random, name)]),
  );
  const withBot = random.chance(0.2) ? { ...people, bot: botOf(random) } : people;
  return {
    version: 1,
    clusters: {
      prod: {
        arn: `arn:aws:eks:us-west-2:${ACCOUNT}:cluster/prod`,
        ...maybe(random, 0.04, { retired: true as const }),
      },
      test: { arn: `arn:aws:eks:us-west-2:${OTHER_ACCOUNT}:cluster/test` },
    },
    people: withBot,
    roles: { admins: ["ops"] },
    ...maybe(random, 0.6, { slack: { teams: ["T0001"], channel: "C0001", alarms: "C0002" } }),
    ...maybe(random, 0.5, {
      delegations: {
        allowed: true as const,
        ...maybe(random, 0.4, { to: { groups: several(random, GROUPS, 0.4) } }),
      },
    }),
    rules: Array.from({ length: random.whole(1, 3) }, (_, at) => ruleOf(random, at)),
  };
}

function personOf(random: Random, name: string): PersonWords {
  const slack = [`T0001/U${name.toUpperCase()}`];
  return {
    // Two names of one person.
    email: random.chance(0.1) ? "ann@example.com" : `${name}@example.com`,
    groups: random.some(GROUPS, 0.6),
    identities: random.pick([
      ...Array.from({ length: 5 }, () => ({ iam: [role(name)] })),
      { slack },
      { iam: [role(name)], slack },
      {},
      ...(name === "ben" ? [{ iam: [role("desk")] }] : []),
    ]),
    principals: random.pick([
      ...Array.from({ length: 4 }, () => [role(name)]),
      [role(name), role("team")],
      [role("team")],
      [role(name, OTHER_ACCOUNT)],
      ...(name === "cat" ? [[role("desk")]] : []),
    ]),
  };
}

const botOf = (random: Random): PersonWords => ({
  kind: "machine",
  owners: [random.pick(GROUPS)],
  ...maybe(random, 0.3, { ownersApprove: true as const }),
  email: "bots@example.com",
  groups: ["bots"],
  identities: { iam: [role("bot")] },
  principals: [role("bot")],
});

const needsOf = (random: Random): readonly NeedWords[] =>
  Array.from({ length: random.pick([1, 1, 1, 2]) }, () => ({
    groups: several(random, GROUPS, 0.3),
    count: random.pick([1, 1, 1, 2]),
    ...maybe(random, 0.15, { escalate: { after: "15m", groups: [random.pick(GROUPS)] } }),
  }));

function accessOf(random: Random): RuleWords["access"] {
  if (random.chance(0.12)) return { groups: several(random, ["readers", "admins"], 0.5) };
  const policies = several(random, POLICIES, 0.2);
  return random.chance(0.35)
    ? { policies, scope: "cluster" }
    : { policies, namespaces: several(random, PATTERNS, 0.2) };
}

function ruleOf(random: Random, at: number): RuleWords {
  const approval = random.chance(0.15) ? ("none" as const) : needsOf(random);
  return {
    name: `rule-${at}`,
    who: {
      groups: several(random, [...GROUPS, "bots"], 0.4),
      ...maybe(random, 0.15, { people: ["ann"] }),
    },
    clusters: random.pick([["prod"], ["prod"], ["prod", "test"], ["test"]]),
    access: accessOf(random),
    duration: { max: random.pick(["1h", "4h"]) },
    ...maybe(random, 0.3, {
      extend: { times: 2, total: "6h", approval: random.pick(["none", "same"] as const) },
    }),
    approval,
    ...(approval !== "none"
      ? {}
      : random.pick([
          {},
          { agents: { approve: needsOf(random) } },
          { breakGlass: true as const, review: { by: ["ops"] } },
        ])),
    ...maybe(random, 0.5, { sharedPrincipals: true as const }),
    ...maybe(random, 0.5, { foreignPrincipals: true as const }),
    ...maybe(random, 0.3, { approverMayHoldPrincipal: true as const }),
    ...maybe(random, 0.15, { delegable: false as const }),
    ...maybe(random, 0.25, { decideIn: [random.pick(["api", "slack"])] }),
  };
}

/** Mostly about something that a rule lends: else few claims would fail. */
function claimOf(random: Random, { rules, people }: FileWords): ClaimWords {
  const near = random.pick(rules);
  const lent = "policies" in near.access && random.chance(0.7) ? near.access.policies : POLICIES;
  const there =
    "namespaces" in near.access && random.chance(0.6) ? near.access.namespaces : PATTERNS;
  const members = GROUPS.filter((group) =>
    Object.values(people).some(({ groups }) => groups.includes(group)),
  );
  const some = () =>
    members.length > 0 && random.chance(0.7)
      ? { groups: [random.pick(members)] }
      : { people: [random.pick(Object.keys(people))] };
  return {
    name: "a claim",
    reach: {
      cluster: random.chance(0.85) ? random.pick(near.clusters) : "prod",
      ...maybe(random, 0.85, { policies: several(random, lent, 0.12) }),
      ...maybe(random, 0.6, { namespaces: several(random, there, 0.12) }),
      ...maybe(random, 0.4, { direct: true as const }),
    },
    ...maybe(random, 0.5, { people: random.pick([1, 2, 2, 3, 3]) }),
    ...maybe(random, 0.25, { who: some() }),
    ...maybe(random, 0.3, { without: some() }),
    ...maybe(random, 0.15, { unattended: random.pick(["1h", "4h", "5h"]) }),
    ...maybe(random, 0.2, {
      except: [{ rule: random.pick(rules).name, ...maybe(random, 0.5, { who: some() }) }],
    }),
    ...maybe(random, 0.2, { standing: true as const }),
  };
}
