import { nextEntryArn } from "./arns.ts";
import { ENTRY_TYPES } from "./entry-types.ts";
import type { Principal } from "./principal.ts";
import type { AccessEntry, AccessEntryType, Cluster, EksState } from "./state.ts";

/** The members that an entry is made from; an absent one takes its type's default. */
export interface NewEntry {
  readonly principal: Principal;
  /** The unique id that the ARN has now: the entry stays bound to it, whatever the ARN becomes. */
  readonly principalId: string;
  readonly type: AccessEntryType;
  readonly username?: string | undefined;
  readonly kubernetesGroups?: readonly string[] | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly clientRequestToken?: string | undefined;
  readonly creationDigest?: string | undefined;
}

/** Puts a new entry into the cluster. Call it inside the store's `change`, after all checks. */
export function addEntry(
  state: EksState,
  cluster: Cluster,
  request: NewEntry,
  now: Date,
): AccessEntry {
  const { principal, clientRequestToken, creationDigest } = request;
  const defaults = ENTRY_TYPES[request.type];
  const entry: AccessEntry = {
    principalArn: principal.arn,
    principalId: request.principalId,
    accessEntryArn: nextEntryArn(state, cluster.name, principal.arn),
    type: request.type,
    kubernetesGroups: request.kubernetesGroups ?? defaults.kubernetesGroups,
    username: request.username ?? defaults.username(principal),
    tags: { ...request.tags },
    createdAt: now.toISOString(),
    modifiedAt: now.toISOString(),
    ...(clientRequestToken === undefined ? {} : { clientRequestToken }),
    ...(creationDigest === undefined ? {} : { creationDigest }),
    policies: {},
  };
  cluster.entries[principal.arn] = entry;
  cluster.entriesCreated = (cluster.entriesCreated ?? 0) + 1;
  return entry;
}
