/**
 * The role that Timelatch makes for one person, so that access can be lent to nobody else.
 * docs/adr/0022-personal-roles.md
 */
import type { PrincipalArn } from "../values/arn.ts";

/** The path of all personal roles. EKS and STS leave it out, so names must be unique without it. */
export const PEOPLE_PATH = "/timelatch/people/";

const PREFIX = "timelatch-person-";

/**
 * What a role's name, of 64 characters at most, leaves for a person's name.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const LONGEST_PERSON_NAME = 64 - PREFIX.length;

/** Where a role is: the account has twelve digits. */
export type RolePlace = Pick<PrincipalArn, "partition" | "account">;

/** @param name the person's, or the one that they had when the role was made */
export const personalRoleName = (name: string): string => `${PREFIX}${name}`;

export const personalRoleArn = ({ partition, account }: RolePlace, roleName: string): string =>
  `arn:${partition}:iam::${account}:role${PEOPLE_PATH}${roleName}`;

/** A pattern of IAM that covers all personal roles of an account. */
export const everyPersonalRole = ({ partition, account }: RolePlace): string =>
  personalRoleArn({ partition, account }, "*");

/** Whether Timelatch made the role for one person. No file may name such a role itself. */
export const isPersonalRole = ({ kind, path, name }: PrincipalArn): boolean =>
  kind === "role" && path === PEOPLE_PATH && name.startsWith(PREFIX);

/** Role names are unique without regard to case and path, so no other role may be called so. */
export const isReservedRoleName = (name: string): boolean => name.toLowerCase().startsWith(PREFIX);

/** Whether a path is one of Timelatch's own. */
export const isReservedPath = (path: string): boolean => path.toLowerCase().startsWith(PEOPLE_PATH);
