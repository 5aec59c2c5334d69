/**
 * `access.yaml`, read and checked: who may borrow what, and who must agree. Bundled with the
 * functions, so that a change of policy is a reviewed change of code.
 */
import type { Requirement } from "../requests/request.ts";

export interface AccessPolicy {
  readonly version: 1;
  /** SHA-256 over everything else here; it stands on every decision. */
  readonly hash: string;
  readonly clusters: Readonly<Record<string, PolicyCluster>>;
  readonly people: Readonly<Record<string, Person>>;
  readonly roles: Readonly<Record<PolicyRole, readonly string[]>>;
  readonly rules: readonly Rule[];
}

/** Admins may revoke any grant; auditors may read everything. */
export type PolicyRole = "admins" | "auditors";

export interface PolicyCluster {
  readonly arn: string;
  /** Nothing new is lent there; what is lent still ends. */
  readonly retired: boolean;
}

export interface Person {
  readonly email: string;
  readonly groups: readonly string[];
  /** Who someone is: IAM principal or session ARNs, and Slack `team/user`. */
  readonly identities: { readonly iam: readonly string[]; readonly slack: readonly string[] };
  /** What may be elevated for them. */
  readonly principals: readonly string[];
}

/** Who may ask: anyone named, or in any of the groups. */
export interface Who {
  readonly people: readonly string[];
  readonly groups: readonly string[];
}

/** What a rule lends. */
export type RuleAccess =
  | { readonly policies: readonly string[]; readonly scope: "cluster" }
  | {
      readonly policies: readonly string[];
      /** Names, or patterns that cover names. */
      readonly namespaces: readonly string[];
      /** Whether a request may ask for a pattern, and not for names alone. */
      readonly wildcards: boolean;
    }
  | { readonly groups: readonly string[] };

export interface Rule {
  readonly name: string;
  readonly who: Who;
  readonly clusters: readonly string[];
  readonly access: RuleAccess;
  readonly duration: { readonly maxSeconds: number; readonly defaultSeconds: number | null };
  /** Each must be met, by different people; empty where the policy itself approves. */
  readonly approval: readonly Requirement[];
  readonly reason: { readonly minLength: number; readonly ticket: string | null };
  /** Always alerts, always reviewed afterwards. */
  readonly breakGlass: boolean;
  /** Lends to a principal that several people hold. */
  readonly sharedPrincipals: boolean;
  /** Lets somebody approve who holds the principal that is elevated. */
  readonly approverMayHoldPrincipal: boolean;
  /** Lends to principals of another account than the cluster's. */
  readonly foreignPrincipals: boolean;
}

/** A person of the policy, by name. */
export interface Member extends Person {
  readonly name: string;
}

/** A cluster by its name in the file; undefined where there is none. */
export const clusterNamed = (policy: AccessPolicy, name: string): PolicyCluster | undefined =>
  Object.hasOwn(policy.clusters, name) ? policy.clusters[name] : undefined;

export function memberOf(policy: AccessPolicy, name: string): Member | undefined {
  const person = Object.hasOwn(policy.people, name) ? policy.people[name] : undefined;
  return person && { name, ...person };
}

const shares = (a: readonly string[], b: readonly string[]) => a.some((one) => b.includes(one));

export const matchesWho = (who: Who, member: Member) =>
  who.people.includes(member.name) || shares(who.groups, member.groups);

export const hasRole = (policy: AccessPolicy, member: Member, role: PolicyRole) =>
  shares(policy.roles[role], member.groups);
