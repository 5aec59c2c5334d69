/**
 * The role that Timelatch makes for one person, so that access can be lent to nobody else.
 * docs/adr/0022-personal-roles.md
 */
import type { PrincipalArn } from "../values/arn.ts";
import { DEFAULT_DEPLOYMENT, LONGEST_DEPLOYMENT } from "../values/deployment.ts";

/**
 * The path of all personal roles of a deployment. EKS and STS leave it out, so names must be unique
 * without it.
 */
export const peoplePath = (deployment: string): string => `/${deployment}/people/`;

const prefixOf = (deployment: string): string => `${deployment}-person-`;

/**
 * The room for a person's name in a role's name of 64 characters, in every deployment.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const LONGEST_PERSON_NAME = 64 - prefixOf("x".repeat(LONGEST_DEPLOYMENT)).length;

/** The place of a role: its partition and its account of twelve digits. */
export type RolePlace = Pick<PrincipalArn, "partition" | "account">;

/** @param name the person's, or the one that they had when the role was made */
export const personalRoleName = (name: string, deployment: string = DEFAULT_DEPLOYMENT): string =>
  `${prefixOf(deployment)}${name}`;

/** @returns the name that the role was made for: the person's, or the one that they had then */
export const personalRoleOwner = (roleName: string, deployment: string): string =>
  roleName.slice(prefixOf(deployment).length);

export const personalRoleArn = (
  { partition, account }: RolePlace,
  roleName: string,
  deployment: string = DEFAULT_DEPLOYMENT,
): string => `arn:${partition}:iam::${account}:role${peoplePath(deployment)}${roleName}`;

/** A pattern of IAM that covers all personal roles of an account. */
export const everyPersonalRole = (
  { partition, account }: RolePlace,
  deployment: string = DEFAULT_DEPLOYMENT,
): string => personalRoleArn({ partition, account }, "*", deployment);

/** Whether the deployment made the role for one person. No file may name such a role itself. */
export const isPersonalRole = (
  { kind, path, name }: PrincipalArn,
  deployment: string = DEFAULT_DEPLOYMENT,
): boolean =>
  kind === "role" && path === peoplePath(deployment) && name.startsWith(prefixOf(deployment));

/** The same, where the deployment is not known: a personal role has its name twice. */
export function isPersonalRoleSomewhere(principal: PrincipalArn): boolean {
  const [, deployment] = /^\/([^/]+)\/people\/$/.exec(principal.path) ?? [];
  return deployment !== undefined && isPersonalRole(principal, deployment);
}

/** Role names are unique without regard to case and path, so no other role may be called so. */
export const isReservedRoleName = (name: string, deployment: string): boolean =>
  name.toLowerCase().startsWith(prefixOf(deployment));

/** Whether a path is the deployment's own. */
export const isReservedPath = (path: string, deployment: string): boolean =>
  path.toLowerCase().startsWith(peoplePath(deployment));
