/**
 * The record of the last assembly beside `access.yaml`. It has the clusters, the accounts and
 * regions with stacks, and everyone who has, or had, a personal role. A later synthesis compares
 * the file with it. Releases before wrote people only.
 */
import { lendsGroups } from "../domain/grantors/groups-grantor.ts";
import type { AccessPolicy } from "../domain/policy/policy.ts";
import { clusterOf } from "../domain/values/arn.ts";
import { deploymentOf } from "../domain/values/deployment.ts";

/** A stack's number, from 1, by the name that a role was made for; `HAS_LEFT` where the role is gone. */
export type StackRecord = Readonly<Record<string, number>>;

/** The name stays on record, so that nobody else is called so: what is stored names people. */
export const HAS_LEFT = 0;

/** Whether new access may begin on a cluster, by the file. */
type ClusterUse = "lends" | "retired";

export interface AssemblyRecord {
  /** Undefined where no assembly is on record, or an earlier release wrote it. */
  readonly deployment?: string;
  /** By ARN. */
  readonly clusters: Readonly<Record<string, ClusterUse>>;
  /**
   * Regions that have a stack beside the broker's, or may still have one, by account. The first of another account is
   * the one of its own stack.
   */
  readonly accounts: Readonly<Record<string, readonly string[]>>;
  /** Accounts with a role that sets Kubernetes groups, and so takes them away. */
  readonly groups: readonly string[];
  readonly people: StackRecord;
}

export const NO_ASSEMBLY: AssemblyRecord = { clusters: {}, accounts: {}, groups: [], people: {} };

/** The file of a policy's record: `access.yaml` has `access.stacks.json`. */
export const assemblyRecordFile = (accessFile: string): string =>
  accessFile.replace(/(\.ya?ml|\.json)?$/, ".stacks.json");

/** The clusters of a policy by ARN. Pure. */
export const clusterUses = ({ clusters }: AccessPolicy): AssemblyRecord["clusters"] =>
  Object.fromEntries(
    Object.values(clusters).map(({ arn, retired }) => [arn, retired ? "retired" : "lends"]),
  );

/**
 * Accounts that have the role for Kubernetes groups. It stays after the last rule that lends groups there: nothing else
 * takes them away. Pure.
 */
export const groupAccounts = (
  access: AccessPolicy,
  recorded: Pick<AssemblyRecord, "groups">,
): readonly string[] => {
  const accounts = Object.values(access.clusters).map(({ arn }) => clusterOf(arn).account);
  return [...new Set(accounts)]
    .filter((account) => recorded.groups.includes(account) || lendsGroups(access, account))
    .sort();
};

/**
 * The record of an assembly. Accounts and regions stay on it when their clusters leave, since their stacks stay.
 *
 * @param places accounts and regions that get a stack beside the broker's
 */
export const nextRecord = (
  access: AccessPolicy,
  places: AssemblyRecord["accounts"],
  recorded: AssemblyRecord,
  people: StackRecord,
): AssemblyRecord => {
  const accounts = new Set([...Object.keys(recorded.accounts), ...Object.keys(places)]);
  const regionsOf = (account: string) => [
    ...new Set([...(places[account] ?? []), ...(recorded.accounts[account] ?? [])]),
  ];
  return {
    deployment: deploymentOf(access),
    clusters: clusterUses(access),
    accounts: Object.fromEntries([...accounts].sort().map((one) => [one, regionsOf(one)])),
    groups: groupAccounts(access, recorded),
    people,
  };
};

/** The record as it is written, always in the same order. */
export const recordText = ({ deployment, clusters, accounts, groups, people }: AssemblyRecord) =>
  `${JSON.stringify({ deployment, clusters, accounts, groups, people }, null, 2)}\n`;

/** @returns undefined for a text that is no record */
export function parseAssemblyRecord(text: string): AssemblyRecord | undefined {
  const read = parsed(text);
  if (isStacks(read)) return { ...NO_ASSEMBLY, people: read };
  if (!isObject(read)) return undefined;
  const { deployment, clusters, accounts, groups, people } = read;
  const isRecord =
    typeof deployment === "string" &&
    isObject(clusters) &&
    Object.values(clusters).every((use) => use === "lends" || use === "retired") &&
    isObject(accounts) &&
    Object.values(accounts).every(isTexts) &&
    isTexts(groups) &&
    isStacks(people);
  return isRecord ? (read as unknown as AssemblyRecord) : undefined;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((one) => typeof one === "string");

const isStacks = (value: unknown): value is StackRecord =>
  isObject(value) &&
  Object.values(value).every((stack) => Number.isInteger(stack) && Number(stack) >= HAS_LEFT);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
