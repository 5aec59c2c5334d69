/** Statements for personal roles, and for those who may assume them. */
import { personalRoleArn, type RolePlace } from "../../shared/domain/people/personal-role.ts";
import { personalTrust } from "../../shared/domain/people/personal-trust.ts";
import type { TrustPolicy } from "../../shared/domain/people/trust-policy.ts";
import type { AccessPolicy, Person } from "../../shared/domain/policy/policy.ts";
import { type ClusterArn, clusterOf } from "../../shared/domain/values/arn.ts";
import { deploymentOf } from "../../shared/domain/values/deployment.ts";
import { chunksOf } from "./pack-statements.ts";
import { IAM_LIMITS, WRAPPER } from "./policy-size.ts";

/** The path of a deployment's managed policies. */
export const policyPath = (deployment: string): string => `/${deployment}/`;

/** The managed policy with which a personal role may call the API. The broker's stack makes it. */
export const callPolicyName = (deployment: string): string => `${deployment}-call`;

export const callPolicyArn = ({ partition, account }: RolePlace, deployment: string): string =>
  `arn:${partition}:iam::${account}:policy${policyPath(deployment)}${callPolicyName(deployment)}`;

/** Managed policies that let people find the clusters of one account, and nothing else. */
export function clusterPolicies(
  { clusters }: AccessPolicy,
  account: string,
): readonly (readonly string[])[] {
  const arns = Object.values(clusters)
    .map(({ arn }) => arn)
    .filter((arn) => clusterOf(arn).account === account);
  return chunksOf(arns, IAM_LIMITS.managed - WRAPPER - FINDING);
}

/** The text of a statement around the clusters that people may find. */
const FINDING = '{"Effect":"Allow","Action":"eks:DescribeCluster","Resource":[]}'.length;

/** An account with personal roles, and whose. */
export interface PeopleAccount {
  readonly place: RolePlace & Pick<ClusterArn, "region">;
  /** Whether the broker is there, so that people call its API from there. */
  readonly isBroker: boolean;
  readonly roles: readonly PersonalRole[];
}

export interface PersonalRole {
  readonly person: string;
  readonly name: string;
  readonly trust: TrustPolicy;
  /** Whether a rule lends the person anything in the account. */
  readonly isReached: boolean;
}

/**
 * Every account with personal roles. In the broker's, each person of the file with a personal role
 * has one, and in others those whom a rule reaches there. Pure.
 */
export function peopleAccounts(access: AccessPolicy): readonly PeopleAccount[] {
  const { identity } = access;
  if (!identity) return [];
  const places = new Map<string, PeopleAccount["place"]>();
  for (const { arn } of Object.values(access.clusters)) {
    const { partition, account, region } = clusterOf(arn);
    if (!places.has(account)) places.set(account, { partition, account, region });
  }
  const [some] = places.values();
  const broker = places.get(identity.account) ?? {
    partition: some?.partition ?? "aws",
    region: some?.region ?? "us-east-1",
    account: identity.account,
  };
  const others = [...places.values()].filter(({ account }) => account !== identity.account);
  return [broker, ...others]
    .map((place) => {
      const isBroker = place.account === identity.account;
      const people = Object.entries(access.people).flatMap(([person, each]) =>
        rolesOf(access, place, person, each),
      );
      return { place, isBroker, roles: people.filter(({ isReached }) => isBroker || isReached) };
    })
    .filter(({ roles }) => roles.length > 0);
}

function rolesOf(
  access: AccessPolicy,
  place: RolePlace,
  person: string,
  { personalRole, identities, principals }: Person,
): readonly PersonalRole[] {
  const { identity } = access;
  const deployment = deploymentOf(access);
  if (!identity || personalRole === undefined) return [];
  const trust = personalTrust({ place, identity, identities });
  if (!trust) throw new Error(`${person} has a personal role that nobody could assume.`);
  const isReached = principals.includes(personalRoleArn(place, personalRole, deployment));
  return [{ person, name: personalRole, trust, isReached }];
}
