/**
 * The roles that the sample `access.yaml` lends to its people: the one place in the tests that
 * knows them.
 */
import { ACCOUNT } from "../lab/sandbox/world/account.ts";
import { ownRoleArn } from "../lab/sandbox/world/people.ts";

/** The people whose principal the sample names by ARN. */
const BY_ARN: readonly string[] = ["mallory", "heidi"];

/** A role that somebody signs in with, and that nobody else uses. */
export const iamRoleArn = (person: string) => `arn:aws:iam::${ACCOUNT}:role/people/${person}`;

/** The role that a policy makes for a person whose principal is `personal`. */
export const personalRoleArn = (person: string) => ownRoleArn(person);

/** Whether the sample has a role made for them. */
export const hasOwnRole = (person: string) => !BY_ARN.includes(person);

/** A person's principal ARN in the sample. */
export const principalArnOf = (person: string) =>
  hasOwnRole(person) ? ownRoleArn(person) : iamRoleArn(person);
