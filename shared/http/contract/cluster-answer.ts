/** The API's answers about clusters and standing access. Instants are ISO 8601 UTC. */
import type { AccessScope } from "../../domain/requests/request.ts";
import type { ClusterSetup } from "../../domain/standing/cluster-setup.ts";
import type { EntryKind } from "../../domain/standing/entry-kind.ts";
import type { LentThere } from "../../domain/standing/lent-there.ts";
import type { Power } from "../../domain/standing/power.ts";
import type { PrincipalState } from "../../domain/standing/standing-entry.ts";

export interface ClusterAnswer {
  /** In `access.yaml`. */
  readonly name: string;
  readonly clusterArn: string;
  readonly retired: boolean;
  /** Why nobody reads its access entries; null if somebody does. */
  readonly unread: "retired" | null;
  /** As EKS described it to the reader; null before that. `cluster` is null if EKS has no such cluster. */
  readonly setup: { readonly cluster: ClusterSetup | null; readonly readAt: string } | null;
  /** The last time that every entry was read; null before that, and after a week. */
  readonly standing: {
    readonly startedAt: string;
    readonly completedAt: string;
    /** How many entries were read, and how many of them grants explain. */
    readonly read: number;
    readonly explained: number;
  } | null;
  /** The reading that is under way. */
  readonly reading: { readonly startedAt: string; readonly read: number } | null;
  /** Why the reading stopped, by AWS's name for the error. */
  readonly failure: { readonly code: string; readonly at: string } | null;
  readonly grantor: GrantorAnswer;
}

/** Facts about the role under which access is lent there. Its IAM policy is not read. */
interface GrantorAnswer {
  readonly roleArn: string;
  /** When converge last described the cluster under it; null if it never did. */
  readonly describedAt: string | null;
  /** The access that `access.yaml` lends there, for which the role was made. */
  readonly lends: LentThere;
}

export interface ClusterList {
  readonly clusters: readonly ClusterAnswer[];
}

export interface StandingList {
  readonly cluster: ClusterAnswer;
  readonly entries: readonly StandingEntryAnswer[];
  readonly next?: string;
}

/** An access entry, with what no grant explains. */
export interface StandingEntryAnswer {
  readonly principalArn: string;
  /** Everyone to whom the `access.yaml` of today gives the principal. Absent where it gives it to nobody. */
  readonly people?: readonly string[];
  readonly kind: EntryKind;
  readonly type: string;
  readonly username: string;
  readonly createdAt: string;
  /** Whether it carries Timelatch's tag, which others can set as well. */
  readonly tagged: boolean;
  readonly principal: PrincipalState;
  readonly power: Power;
  readonly policies: readonly {
    readonly policy: string;
    readonly power: Power;
    readonly scope: AccessScope;
  }[];
  readonly groups: readonly string[];
  /** Whether there was more than is kept: a thousand namespaces and groups. */
  readonly isCut: boolean;
  /**
   * Ids of requests whose records claim to be grants on the entry, and whose histories do not bear that out. Absent
   * without any.
   */
  readonly claimedBy?: readonly string[];
  readonly readAt: string;
}
