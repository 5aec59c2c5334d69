import { parsePrincipalArn } from "../domain/arn.ts";
import type { Ledger } from "../domain/ledger.ts";
import type { ActualEntry } from "../domain/observe.ts";
import {
  type AccessEntries,
  CallFailed,
  type CallSession,
  type EntryAddress,
} from "../ports/access-entries.ts";
import type { ConvergePorts } from "../ports/ports.ts";
import { bindingSession } from "./grant-book.ts";

/** What EKS and IAM say of the entry and its principal. */
export type EntryReading =
  | {
      readonly kind: "read";
      readonly actual: ActualEntry | undefined;
      readonly principal: Principal;
    }
  /** EKS itself rules out that any entry exists: the cluster is gone, or takes no entries. */
  | { readonly kind: "impossible"; readonly code: string; readonly detail: string }
  | { readonly kind: "unreadable"; readonly error: CallFailed };

/** A reading that says what is. */
export type Readable = Exclude<EntryReading, { readonly kind: "unreadable" }>;

/** The principal behind the ARN, which a role that was created anew does not keep. */
export type Principal =
  | { readonly kind: "known"; readonly id: string }
  | { readonly kind: "recreated" }
  | { readonly kind: "gone" }
  /** Of another account, whose IAM the broker cannot read. */
  | { readonly kind: "foreign" }
  /** IAM did not say. Nothing is given until it does; what is over still ends. */
  | { readonly kind: "unread" };

/** How EKS says that a cluster can hold no access entry at all. */
const IMPOSSIBLE: Readonly<Record<string, { readonly code: string; readonly detail: string }>> = {
  ClusterNotFound: { code: "cluster-gone", detail: "The cluster does not exist any more." },
  AuthenticationModeConfigMap: {
    code: "authentication-mode",
    detail:
      "The cluster's authentication mode is CONFIG_MAP, which takes no access entries. Nothing was changed. Move it on with: aws eks update-cluster-config --name <cluster> --access-config authenticationMode=API_AND_CONFIG_MAP",
  },
};

/** Reads the entry and the principal's unique id. */
export async function readEntry(
  { entries }: ConvergePorts,
  binding: string,
  address: EntryAddress,
  ledger: Ledger,
): Promise<EntryReading> {
  const session = bindingSession(binding);
  try {
    const [actual, principal] = await Promise.all([
      entries.read(address, session),
      readPrincipal(entries, address, session, ledger),
    ]);
    return { kind: "read", actual, principal };
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    const impossible = IMPOSSIBLE[error.code];
    return impossible ? { kind: "impossible", ...impossible } : { kind: "unreadable", error };
  }
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
    const id = await entries.principalId(address, session);
    if (id === undefined) return { kind: "gone" };
    return principalId === null || principalId === id
      ? { kind: "known", id }
      : { kind: "recreated" };
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    return { kind: "unread" };
  }
}
