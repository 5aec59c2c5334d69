import type { PermissionCheck } from "../service.ts";
import { clusterArn, nextEntryArn } from "./arns.ts";
import { ownValue } from "./own-value.ts";
import type { AccessEntry, EksState } from "./state.ts";

/**
 * The permission checks of each operation, by the Service Authorization Reference for Amazon EKS. A
 * condition key without a value is left out. IAM treats an empty list as an absent key, and `Null`
 * conditions depend on that.
 */
export type Context = Readonly<Record<string, string | readonly string[]>>;

/** Leaves out what is undefined or an empty list. */
export function context(
  values: Readonly<Record<string, string | readonly string[] | undefined>>,
): Context {
  return Object.fromEntries(
    Object.entries(values).filter(
      (pair): pair is [string, string | readonly string[]] =>
        pair[1] !== undefined && pair[1].length > 0,
    ),
  );
}

/** `aws:RequestTag/<key>` and `aws:TagKeys`. */
export function requestTags(tags: Readonly<Record<string, string>>): Context {
  return {
    ...tagContext("aws:RequestTag/", tags),
    ...context({ "aws:TagKeys": Object.keys(tags) }),
  };
}

/** A question about a cluster, whether it exists or not: a denial comes before the 404. */
export function askOnCluster(
  action: string,
  state: EksState,
  name: string,
  keys: Context = {},
): PermissionCheck {
  const tags = ownValue(state.clusters, name)?.tags ?? {};
  return {
    action,
    resource: clusterArn(state, name),
    context: { ...tagContext("aws:ResourceTag/", tags), ...keys },
  };
}

/**
 * A question about an access entry. For a missing entry IAM is asked about the ARN that it would
 * get, with only the call's keys. Its tags, type, groups and username are left out. So a denial
 * comes before the 404.
 */
export function askOnEntry(
  action: string,
  state: EksState,
  clusterName: string,
  principalArn: string,
  keys: Context = {},
): PermissionCheck {
  const cluster = ownValue(state.clusters, clusterName);
  const entry = cluster === undefined ? undefined : ownValue(cluster.entries, principalArn);
  return {
    action,
    resource: entry?.accessEntryArn ?? nextEntryArn(state, clusterName, principalArn),
    context: {
      "eks:clusterName": clusterName,
      "eks:principalArn": principalArn,
      ...(entry === undefined ? {} : entryContext(entry)),
      ...keys,
    },
  };
}

/** The keys of an entry that exists, beside its cluster's name and its principal. */
export function entryContext(entry: AccessEntry): Context {
  return {
    ...tagContext("aws:ResourceTag/", entry.tags),
    ...context({
      "eks:accessEntryType": entry.type,
      "eks:kubernetesGroups": entry.kubernetesGroups,
      "eks:username": entry.username,
    }),
  };
}

export function tagContext(prefix: string, tags: Readonly<Record<string, string>>): Context {
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [prefix + key, value]));
}
