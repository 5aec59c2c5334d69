/** A policy of the oracle's kind with one thing changed, as somebody changes it in a pull request. */
import type { FileWords, PersonWords, RuleWords } from "../../lab/oracle/file-words.ts";
import type { Random } from "../../lab/simulation/random.ts";

const GROUPS = ["dev", "ops", "leads"];
const POLICIES = ["AmazonEKSViewPolicy", "AmazonEKSEditPolicy", "AmazonEKSAdminPolicy"];
const PATTERNS = ["*", "k*", "team-*", "team-a", "kube-system"];

interface Changed {
  /** The change in a word, for whoever reads a failure. */
  readonly what: string;
  readonly file: FileWords;
}

export function changedFile(random: Random, file: FileWords): Changed {
  const what = random.pick(Object.keys(CHANGES));
  return { what, file: CHANGES[what]?.(random, file) ?? file };
}

type Change = (random: Random, file: FileWords) => FileWords;

/** A list with something less, or something more. */
const toggled = (random: Random, list: readonly string[], all: readonly string[]): string[] => {
  const one = random.pick(all);
  return list.includes(one) ? list.filter((each) => each !== one) : [...list, one];
};

const ofPerson =
  (
    change: (random: Random, person: PersonWords, file: FileWords) => Partial<PersonWords>,
  ): Change =>
  (random, file) => {
    const name = random.pick(Object.keys(file.people));
    const person = file.people[name] as PersonWords;
    const other = { ...person, ...change(random, person, file) };
    return { ...file, people: { ...file.people, [name]: other } };
  };

const ofRule =
  (change: (random: Random, rule: RuleWords, file: FileWords) => object): Change =>
  (random, file) => {
    const at = random.whole(0, file.rules.length - 1);
    const rules = file.rules.map((rule, index) =>
      index === at ? ({ ...rule, ...change(random, rule, file) } as RuleWords) : rule,
    );
    return { ...file, rules };
  };

const flipped = (key: keyof RuleWords, value: unknown) =>
  ofRule((_random, rule) => ({ [key]: rule[key] === undefined ? value : undefined }));

const CHANGES: Readonly<Record<string, Change>> = {
  "groups of a person": ofPerson((random, { groups }) => ({
    groups: toggled(random, groups, GROUPS),
  })),
  "sign-in of a person": ofPerson((random, { identities, principals, email }) => {
    const slack = [`T0001/U${email.split("@", 1)[0]?.toUpperCase()}9`];
    return {
      identities: random.pick([
        {},
        { slack },
        { iam: principals.slice(0, 1) },
        { ...identities, slack },
      ]),
    };
  }),
  "roles of a person": ofPerson((random, { principals }, { people }) => {
    const all = Object.values(people).flatMap((one) => one.principals);
    const other = toggled(random, principals, all);
    return other.length > 0 ? { principals: other } : {};
  }),
  "owners of a machine": ofPerson((random, { kind, owners = [], ownersApprove }) =>
    kind === undefined
      ? {}
      : (random.pick([
          { owners: toggled(random, owners, GROUPS) },
          { ownersApprove: ownersApprove ? undefined : (true as const) },
        ]) as Partial<PersonWords>),
  ),
  "people of a rule": ofRule((random, { who }, { people }) => ({
    who: random.pick([
      { ...who, groups: toggled(random, who.groups ?? [], [...GROUPS, "bots"]) },
      { ...who, people: toggled(random, who.people ?? [], Object.keys(people)) },
    ]),
  })),
  "clusters of a rule": ofRule((random, { clusters }) => ({
    clusters: toggled(random, clusters, ["prod", "test"]),
  })),
  "access of a rule": ofRule((random, { access }) => ({
    access:
      "groups" in access
        ? { groups: toggled(random, access.groups, ["readers", "admins"]) }
        : "namespaces" in access
          ? { ...access, namespaces: toggled(random, access.namespaces, PATTERNS) }
          : { ...access, policies: toggled(random, access.policies, POLICIES) },
  })),
  "approval of a rule": ofRule((random, { approval }) => ({
    approval: random.pick<unknown>([
      "none",
      [{ groups: [random.pick(GROUPS)], count: random.pick([1, 2]) }],
      approval === "none"
        ? [{ groups: GROUPS, count: 1 }]
        : approval.map((need) => ({ ...need, groups: toggled(random, need.groups, GROUPS) })),
      approval === "none" ? "none" : [...approval, { groups: [random.pick(GROUPS)], count: 1 }],
      approval === "none"
        ? "none"
        : approval.map((need) => ({
            ...need,
            escalate: need.escalate ? undefined : { after: "15m", groups: [random.pick(GROUPS)] },
          })),
    ]),
    breakGlass: undefined,
    review: undefined,
  })),
  "agents of a rule": ofRule((random, { agents }) => ({
    agents: agents ? undefined : { approve: [{ groups: [random.pick(GROUPS)], count: 1 }] },
  })),
  "surfaces of a rule": ofRule((random) =>
    random.pick([{ decideIn: undefined }, { decideIn: ["api"] }, { decideIn: ["slack"] }]),
  ),
  "shared principals of a rule": flipped("sharedPrincipals", true),
  "foreign principals of a rule": flipped("foreignPrincipals", true),
  "holders among approvers of a rule": flipped("approverMayHoldPrincipal", true),
  "delegability of a rule": flipped("delegable", false),
  "a rule less": (random, file) => {
    const gone = random.pick(file.rules);
    return { ...file, rules: file.rules.filter((rule) => rule !== gone) };
  },
  "a person less": (random, file) => {
    const gone = random.pick(Object.keys(file.people));
    const kept = Object.entries(file.people).filter(([name]) => name !== gone);
    return { ...file, people: Object.fromEntries(kept) };
  },
  delegations: (random, { delegations: _, ...file }) =>
    random.pick<FileWords>([
      file,
      { ...file, delegations: { allowed: true } },
      { ...file, delegations: { allowed: true, to: { groups: [random.pick(GROUPS)] } } },
    ]),
  "Slack at all": (_random, { slack, ...file }) =>
    slack ? file : { ...file, slack: { teams: ["T0001"], channel: "C0001", alarms: "C0002" } },
  "a retired cluster": (_random, { clusters: { prod, ...others }, ...file }) => ({
    ...file,
    clusters: {
      ...others,
      prod: { arn: prod?.arn ?? "", ...(prod?.retired ? {} : { retired: true as const }) },
    },
  }),
};
