import type { Check } from "./check.ts";
import { ENTRY_TYPES, isEntryType } from "./entry-types.ts";
import { invalidParameter, invalidPrincipal, notEmulated } from "./errors.ts";
import { isRootPrincipal, isServiceLinkedRole, parsePrincipal } from "./principal.ts";
import { tagProblem } from "./tags.ts";

/**
 * The rules for what a caller may write into an access entry. EKS applies them before it looks for
 * the cluster: it reports a wrong username even without a cluster.
 */

/** The request of CreateAccessEntry; absent members are undefined. */
export interface EntryRequest {
  readonly principalArn: string;
  /** The cluster's account. */
  readonly accountId: string;
  /** As the caller wrote it, or STANDARD. */
  readonly type: string;
  readonly username: string | undefined;
  readonly kubernetesGroups: readonly string[] | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/** "The username can't begin with …": a closed list (EKS user guide, "Create access entries"). */
const RESERVED_PREFIXES = ["system:", "eks:", "aws:", "amazon:", "iam:"];

const reservedPrefix = (name: string): string | undefined =>
  RESERVED_PREFIXES.find((prefix) => name.startsWith(prefix));

/** The types that AWS's own errors name; HYPERPOD_LINUX is newer than the observations. */
const NODE_TYPES = "[EC2_LINUX, EC2_WINDOWS, FARGATE_LINUX, HYBRID_LINUX, EC2]";

const isSomePrincipal: Check<EntryRequest> = ({ principalArn }) => {
  if (isRootPrincipal(principalArn)) return notEmulated("an access entry for an account's root");
  // A session's ARN is refused by AWS too; under which text is not published.
  return parsePrincipal(principalArn) === undefined ? invalidPrincipal() : undefined;
};

/** By the shape of the ARN, whatever the account and the type. */
export const isNoServiceLinkedRole: Check<{ readonly principalArn: string }> = ({
  principalArn,
}) =>
  isServiceLinkedRole(principalArn)
    ? invalidParameter(
        "The caller is not allowed to modify access entries with a principalArn value of a Service Linked Role",
      )
    : undefined;

/** The list in AWS's text has grown since it was seen; its present order is not published. */
const isKnownType: Check<EntryRequest> = ({ type }) =>
  isEntryType(type)
    ? undefined
    : invalidParameter(
        `AccessEntry type must be one of [${Object.keys(ENTRY_TYPES).sort().join(", ")}]`,
      );

const nodesAreRoles: Check<EntryRequest> = ({ type, principalArn }) =>
  type !== "STANDARD" && parsePrincipal(principalArn)?.kind !== "role"
    ? invalidParameter(`AccessEntry principalArn must be IAM role when using types ${NODE_TYPES}`)
    : undefined;

const nodesAreOfTheAccount: Check<EntryRequest> = ({ type, principalArn, accountId }) =>
  type !== "STANDARD" && parsePrincipal(principalArn)?.accountId !== accountId
    ? invalidParameter(
        `AccessEntry principalArn must be from the same account as the cluster when using types ${NODE_TYPES}`,
      )
    : undefined;

type Names = Pick<EntryRequest, "username" | "kubernetesGroups">;

const usernameIsNotReserved: Check<Names> = ({ username }) => {
  const prefix = reservedPrefix(username ?? "");
  return prefix === undefined
    ? undefined
    : invalidParameter(`The username must not begin with ${prefix}`);
};

/** The rule is the user guide's; the text is not published. */
const sessionNameFollowsColon: Check<Names> = ({ username = "" }) => {
  const [before = "", ...sessionNames] = username.split("{{SessionName}}");
  return sessionNames.length > 0 && !before.includes(":")
    ? invalidParameter(
        "The specified username is invalid: a colon must come before {{SessionName}} in the username",
      )
    : undefined;
};

const groupsAreNotReserved: Check<Names> = ({ kubernetesGroups = [] }) => {
  for (const group of kubernetesGroups) {
    const prefix = reservedPrefix(group);
    if (prefix !== undefined) {
      return invalidParameter(
        `The kubernetes group name ${group} is invalid, it cannot start with ${prefix}`,
      );
    }
  }
  return undefined;
};

/** The rules that hold for names, at creation and at each update. */
export const NAME_RULES: readonly Check<Names>[] = [
  usernameIsNotReserved,
  sessionNameFollowsColon,
  groupsAreNotReserved,
];

type TypedNames = Names & { readonly type: string };

const onlyStandardIsNamed: Check<TypedNames> = ({ type, username }) =>
  type !== "STANDARD" && username !== undefined
    ? invalidParameter(
        `The specified username is invalid: setting username is not allowed when the type is "${type}"`,
      )
    : undefined;

const onlyStandardIsGrouped: Check<TypedNames> = ({ type, kubernetesGroups }) =>
  type !== "STANDARD" && kubernetesGroups !== undefined
    ? invalidParameter(
        `The specified kubernetesGroups is invalid: setting kubernetesGroups is not allowed when the type is "${type}"`,
      )
    : undefined;

/** Entries of nodes keep the username and groups that EKS gave them. */
export const NODE_NAME_RULES: readonly Check<TypedNames>[] = [
  onlyStandardIsNamed,
  onlyStandardIsGrouped,
];

const tagsAreValid: Check<EntryRequest> = ({ tags }) => {
  const problem = tagProblem(tags);
  return problem === undefined ? undefined : invalidParameter(problem);
};

/** All that CreateAccessEntry checks before it looks for the cluster, in order. */
export const CREATION_RULES: readonly Check<EntryRequest>[] = [
  isSomePrincipal,
  isNoServiceLinkedRole,
  isKnownType,
  nodesAreRoles,
  nodesAreOfTheAccount,
  ...NAME_RULES,
  ...NODE_NAME_RULES,
  tagsAreValid,
];
