/** The clusters, people and rules of every run. There are few of each, so that much overlaps. */
import { GROUPS } from "../../shared/domain/entries/access.ts";
import { bindingKey } from "../../shared/domain/entries/binding.ts";
import type { AccessPolicy, Person, Rule } from "../../shared/domain/policy/policy.ts";
import { accessPolicyArn, clusterOf } from "../../shared/domain/values/arn.ts";
import type { EntryAddress } from "../../shared/ports/access-entries.ts";

/** EKS's own service, which changes entries for itself. */
export const EKS_SERVICE = "eks.amazonaws.com";
export const ACCOUNT = "111122223333";
export const REGION = "us-west-2";
const OTHER_ACCOUNT = "444455556666";

export const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const clusterArn = (name: string, account = ACCOUNT, region = REGION) =>
  `arn:aws:eks:${region}:${account}:cluster/${name}`;

/** `far` is in another account and region: IAM cannot be read there, and its fuses are there. */
export const CLUSTERS: Readonly<Record<string, string>> = {
  one: clusterArn("one"),
  two: clusterArn("two"),
  far: clusterArn("far", OTHER_ACCOUNT, "eu-west-1"),
};

/** The binding whose entry is at an address. */
export const bindingAt = ({ cluster, principalArn }: EntryAddress): string =>
  bindingKey(CLUSTERS[cluster.name] ?? "", principalArn);

/** The entry of a principal on a cluster. */
export const addressOf = (cluster: string, principal: string): EntryAddress => ({
  cluster: clusterOf(CLUSTERS[cluster] ?? ""),
  principalArn: role(principal),
});

/** The role under which fuses fire in an account, with the same name in each. */
export const fuseRoleIn = (account: string): string =>
  `arn:aws:iam::${account}:role/timelatch-fuse`;
/** The role of the owners' pipeline, which may change entries. */
export const PIPELINE = role("pipeline");

/** Names of roles that access is lent to. */
export const PRINCIPALS = ["ann", "ben", "oncall"] as const;
export const NAMESPACES = ["app-a", "app-b", "app-c", "app-*"] as const;
export const LENT_GROUPS = ["viewers", "deployers"] as const;
export const EDIT = accessPolicyArn("aws", "AmazonEKSEditPolicy");
const VIEW = accessPolicyArn("aws", "AmazonEKSViewPolicy");
/** No rule lends it; only others use it. */
const UNLENT = accessPolicyArn("aws", "AmazonEKSAdminViewPolicy");
/** A rule lends it, but EKS knows no such policy and refuses every association. */
export const REFUSED_POLICY = "AmazonEKSRetiredPolicy";
export const TARGETS = [EDIT, VIEW, UNLENT, GROUPS] as const;

const person = (
  name: string,
  groups: readonly string[],
  principals: readonly string[],
): Person => ({
  email: `${name}@example.com`,
  groups,
  identities: { iam: [role(`people/${name}`)], slack: [`T0001/U-${name}`] },
  principals,
});

/** Short, which keeps a run short. */
export const LAPSE_SECONDS = 3_600;

const rule = (over: Pick<Rule, "name" | "access"> & Partial<Rule>): Rule => ({
  who: { people: [], groups: ["engineers"] },
  clusters: Object.keys(CLUSTERS),
  duration: { maxSeconds: 3_600, defaultSeconds: 600 },
  hours: null,
  atMost: null,
  startLatestSeconds: 30 * 86_400,
  lapseSeconds: LAPSE_SECONDS,
  approval: [{ groups: ["leads"], count: 1 }],
  reason: { minLength: 0, ticket: null },
  breakGlass: false,
  sharedPrincipals: true,
  approverMayHoldPrincipal: false,
  foreignPrincipals: true,
  delegable: true,
  decideIn: ["api", "slack"],
  notify: { direct: false },
  ...over,
});

interface Asking {
  readonly rules: readonly string[];
  /** People who can meet the first requirement, and whom it escalates to. */
  readonly first: readonly string[];
  readonly second: readonly string[];
  /** Those of the second requirement, who are asked at once. */
  readonly others: readonly string[];
  readonly escalateMinutes: number;
  /** In minutes from the request, from when and until when each kind of prompt is owed. */
  readonly remindMinutes: readonly (readonly [kind: string, from: number, to: number])[];
  readonly reviewSeconds: number;
  readonly reviewMinutes: readonly (readonly [kind: string, from: number, to: number])[];
  readonly reviewGroups: readonly string[];
  /** By principal, the people who hold it. */
  readonly holders: Readonly<Record<string, readonly string[]>>;
}

/**
 * The people who are asked again under the two rules that only lives of prompts use. They stand
 * here as facts, so that the oracle finds them without the broker's code. Minutes count from the
 * request.
 */
export const ASKING: Asking = {
  rules: ["asked-again", "reviewed-glass"],
  first: ["gil", "hal"],
  second: ["ida", "kim"],
  others: ["lou"],
  escalateMinutes: 15,
  remindMinutes: [
    ["reminder", 10, 60],
    ["escalation", 15, 60],
  ],
  reviewSeconds: 3_600,
  reviewMinutes: [
    ["review-reminder", 30, 60],
    ["review-overdue", 60, 1_500],
  ],
  reviewGroups: ["first", "second"],
  holders: { gil: ["gil"], kim: ["kim"], shared: ["gil", "kim"] },
};

export const POLICY: AccessPolicy = {
  version: 1,
  hash: "c".repeat(64),
  slack: { teams: ["T0001"], channel: "C0001", alarms: "C0002" },
  clusters: Object.fromEntries(
    Object.entries(CLUSTERS).map(([name, arn]) => [name, { arn, retired: false }]),
  ),
  people: {
    ann: person("ann", ["engineers"], [role("ann"), role("oncall")]),
    ben: person("ben", ["engineers"], [role("ben"), role("oncall")]),
    cat: person("cat", ["leads"], []),
    dan: person("dan", ["leads", "admins"], []),
    // An approver who also requests access, and so could try to approve their own request.
    eve: person("eve", ["engineers", "leads"], [role("oncall")]),
    fay: person("fay", ["others"], [role("fay")]),
    // Those of the rules that ask again. Gil and kim ask, and could try to decide on their own requests.
    gil: person("gil", ["watched", "first"], [role("gil"), role("shared")]),
    hal: person("hal", ["first"], []),
    ida: person("ida", ["second"], []),
    kim: person("kim", ["watched", "second"], [role("kim"), role("shared")]),
    lou: person("lou", ["third"], []),
    // Admins who are asked nothing. With dan they suspend people, and lift that.
    mia: person("mia", ["keepers"], []),
    ned: person("ned", ["keepers"], []),
  },
  roles: { admins: ["admins", "keepers"], auditors: [] },
  expected: [
    { principal: PIPELINE, reason: "creates the entries of applications" },
    { principal: EKS_SERVICE, reason: "creates the entries of nodes" },
  ],
  rules: [
    rule({
      name: "edit",
      access: {
        policies: ["AmazonEKSEditPolicy", "AmazonEKSViewPolicy"],
        namespaces: ["app-*"],
        wildcards: true,
      },
      extend: { times: 2, totalSeconds: 3_600, approval: "same" },
    }),
    rule({
      name: "whole-cluster",
      access: { policies: ["AmazonEKSEditPolicy", "AmazonEKSViewPolicy"], scope: "cluster" },
      approval: [
        { groups: ["leads"], count: 1 },
        { groups: ["admins"], count: 1 },
      ],
      notify: { direct: true },
      extend: { times: 1, totalSeconds: 7_200, approval: "same" },
    }),
    rule({
      name: "groups",
      access: { groups: LENT_GROUPS },
      extend: { times: 3, totalSeconds: 5_400, approval: "none" },
    }),
    rule({
      name: "unattended",
      access: { policies: ["AmazonEKSEditPolicy"], namespaces: ["app-*"], wildcards: false },
      clusters: ["two"],
      approval: [],
      extend: { times: 1, totalSeconds: 5_400, approval: "same" },
      breakGlass: true,
    }),
    rule({
      name: "refused",
      access: { policies: [REFUSED_POLICY], namespaces: ["app-*"], wildcards: false },
      approval: [],
    }),
    rule({
      name: "asked-again",
      who: { people: [], groups: ["watched"] },
      access: { policies: ["AmazonEKSEditPolicy"], namespaces: ["*"], wildcards: true },
      approval: [
        { groups: ["first"], count: 1, escalate: { afterSeconds: 900, groups: ["second"] } },
        { groups: ["third"], count: 1 },
      ],
      remind: { afterSeconds: 600, times: 3 },
      notify: { direct: true },
    }),
    rule({
      name: "reviewed-glass",
      who: { people: [], groups: ["watched"] },
      access: { policies: ["AmazonEKSEditPolicy"], namespaces: ["*"], wildcards: true },
      approval: [],
      breakGlass: true,
      review: { by: ASKING.reviewGroups, withinSeconds: ASKING.reviewSeconds, block: false },
    }),
  ],
};

/** The machine of some seeds, and the one person who owns it and approves what others ask for. */
export const MACHINE = "rob";
export const MACHINE_OWNER = "dan";

/** The people who may stop others and lift that, as a fact of its own. */
export const ADMINS: readonly string[] = ["dan", "mia", "ned"];

/** By role, the people who hold it, as a fact of its own. */
export const HOLDERS: Readonly<Record<string, readonly string[]>> = {
  ann: ["ann"],
  ben: ["ben"],
  oncall: ["ann", "ben", "eve"],
};

export const holdersIn = (principalArn: string): readonly string[] =>
  HOLDERS[PRINCIPALS.find((name) => role(name) === principalArn) ?? ""] ?? [];
