import { parsePrincipalArn } from "../domain/arn.ts";
import { isInTime } from "../domain/claim.ts";
import { type ClusterDescription, type ClusterFacts, obstacleOf } from "../domain/cluster-facts.ts";
import type { Ledger } from "../domain/ledger.ts";
import type { ActualEntry } from "../domain/observe.ts";
import {
  type AccessEntries,
  CallFailed,
  type CallSession,
  type EntryAddress,
  type PrincipalIdentity,
} from "../ports/access-entries.ts";
import type { ConvergePorts } from "../ports/ports.ts";
import { bindingSession, type GrantBook } from "./grant-book.ts";

/** What EKS and IAM say of the entry and its principal. */
export type EntryReading =
  | {
      readonly kind: "read";
      readonly actual: ActualEntry | undefined;
      readonly principal: Principal;
      readonly cluster: ClusterSighting;
    }
  /** EKS itself rules out that any entry exists: the cluster is gone, or takes no entries. */
  | { readonly kind: "impossible"; readonly code: string; readonly detail: string }
  | { readonly kind: "unreadable"; readonly error: CallFailed };

/** A reading that says what is. */
export type Readable = Exclude<EntryReading, { readonly kind: "unreadable" }>;

/** The principal behind the ARN, which a role that was created anew does not keep. */
export type Principal =
  | ({ readonly kind: "known" } & PrincipalIdentity)
  | { readonly kind: "recreated" }
  | { readonly kind: "gone" }
  /** Of another account, whose IAM the broker cannot read. */
  | { readonly kind: "foreign" }
  /** IAM did not say. Nothing is given until it does; what is over still ends. */
  | { readonly kind: "unread" };

/** The cluster, which a successor of the same name does not keep either. */
export type ClusterSighting =
  | ({ readonly kind: "known" } & ClusterDescription)
  | { readonly kind: "gone" }
  /** Nothing may be added, so that it makes no difference. */
  | { readonly kind: "unasked" }
  /** EKS did not say. Nothing is given until it does; what is over still ends. */
  | { readonly kind: "unread" };

/** How EKS says that a cluster can hold no access entry at all. */
const IMPOSSIBLE: Readonly<Record<string, ClusterFacts["description"]>> = {
  ClusterNotFound: null,
  AuthenticationModeConfigMap: { createdAt: "", authenticationMode: "CONFIG_MAP" },
};

/**
 * Reads the entry and the principal; and the cluster, where a grant is to begin, or where the
 * entry is not the one that we know, so that a successor of the same name inherits nothing.
 */
export async function readEntry(
  { entries, chance }: ConvergePorts,
  book: GrantBook,
  address: EntryAddress,
  ledger: Ledger,
): Promise<EntryReading> {
  const session = bindingSession(book.binding);
  const live = book.open.filter((grant) => isInTime(grant, chance.now()));
  try {
    const [actual, principal] = await Promise.all([
      entries.read(address, session),
      readPrincipal(entries, address, session, ledger),
    ]);
    const begins = live.some(({ state }) => state === "approved");
    const another = live.length > 0 && actual?.accessEntryArn !== ledger.accessEntryArn;
    const cluster: ClusterSighting =
      begins || another ? await readCluster(entries, address, session) : { kind: "unasked" };
    return cluster.kind === "gone"
      ? impossible(address, null)
      : { kind: "read", actual, principal, cluster };
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    const description = IMPOSSIBLE[error.code];
    return description === undefined
      ? { kind: "unreadable", error }
      : impossible(address, description);
  }
}

async function readCluster(
  entries: AccessEntries,
  { cluster }: EntryAddress,
  session: CallSession,
): Promise<ClusterSighting> {
  try {
    const found = await entries.cluster(cluster, session);
    return found ? { kind: "known", ...found } : { kind: "gone" };
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    return { kind: "unread" };
  }
}

function impossible(
  { cluster }: EntryAddress,
  description: ClusterFacts["description"],
): EntryReading {
  const obstacle = obstacleOf(cluster.name, { description });
  if (!obstacle) throw new Error(`${cluster.name} takes access entries, and was said not to.`);
  return { kind: "impossible", ...obstacle };
}

async function readPrincipal(
  entries: AccessEntries,
  address: EntryAddress,
  session: CallSession,
  { principalId }: Ledger,
): Promise<Principal> {
  if (parsePrincipalArn(address.principalArn)?.account !== address.cluster.account)
    return { kind: "foreign" };
  try {
    const found = await entries.principal(address, session);
    if (found === undefined) return { kind: "gone" };
    return principalId === null || principalId === found.id
      ? { kind: "known", ...found }
      : { kind: "recreated" };
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    return { kind: "unread" };
  }
}
