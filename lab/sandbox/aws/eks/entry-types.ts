import { type Principal, parsePrincipal } from "./principal.ts";
import type { AccessEntry, AccessEntryType } from "./state.ts";

/** The defaults of an entry's type, for members that its creator leaves out. */
export interface EntryDefaults {
  readonly username: (principal: Principal) => string;
  readonly kubernetesGroups: readonly string[];
}

const EC2_NODE: EntryDefaults = {
  username: () => "system:node:{{EC2PrivateDNSName}}",
  kubernetesGroups: ["system:nodes"],
};

const SESSION_NODE: EntryDefaults = {
  username: () => "system:node:{{SessionName}}",
  kubernetesGroups: ["system:nodes"],
};

/**
 * The EKS user guide, "Create access entries", gives the usernames of STANDARD, EC2_LINUX,
 * EC2_WINDOWS, FARGATE_LINUX and HYBRID_LINUX. The usernames of EC2 and HYPERPOD_LINUX, and all
 * groups but EC2_LINUX's, are inferred from the kind of node.
 */
export const ENTRY_TYPES: Readonly<Record<AccessEntryType, EntryDefaults>> = {
  STANDARD: { username: standardUsername, kubernetesGroups: [] },
  EC2_LINUX: EC2_NODE,
  EC2_WINDOWS: EC2_NODE,
  FARGATE_LINUX: SESSION_NODE,
  EC2: EC2_NODE,
  HYBRID_LINUX: SESSION_NODE,
  HYPERPOD_LINUX: SESSION_NODE,
};

/** The username and groups that EKS gives an entry whose caller names none. */
export function entryDefaults(entry: Pick<AccessEntry, "principalArn" | "type">) {
  const principal = parsePrincipal(entry.principalArn);
  if (principal === undefined)
    throw new Error(`${entry.principalArn} is not a principal of an entry.`);
  const { username, kubernetesGroups } = ENTRY_TYPES[entry.type];
  return { username: username(principal), kubernetesGroups };
}

export function isEntryType(type: string): type is AccessEntryType {
  return Object.hasOwn(ENTRY_TYPES, type);
}

/** A user is named by its ARN; a role by the session that holds it, without the role's path. */
function standardUsername(principal: Principal): string {
  return principal.kind === "user"
    ? principal.arn
    : `arn:${principal.partition}:sts::${principal.accountId}:assumed-role/${principal.name}/{{SessionName}}`;
}
