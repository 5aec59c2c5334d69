import type { ClusterDescription } from "../../domain/clusters/cluster-facts.ts";
import { parsePrincipalArn } from "../../domain/values/arn.ts";
import { CallFailed, type PrincipalIdentity } from "../../ports/access-entries.ts";
import { factsOf } from "./converge-run.ts";
import type { Pass } from "./pass.ts";

/** The principal behind the ARN, which a role that was created again does not keep. */
export type PrincipalSighting =
  | ({ readonly kind: "known" } & PrincipalIdentity)
  | { readonly kind: "gone" }
  /** Of another account, whose IAM the broker cannot read. */
  | { readonly kind: "foreign" }
  /** IAM gave no answer. Nothing is added until it does; what is over still ends. */
  | { readonly kind: "unread" };

/** The cluster, which a successor of the same name does not keep either. */
export type ClusterSighting =
  | ({ readonly kind: "known" } & ClusterDescription)
  | { readonly kind: "gone" }
  /** Nothing begins, so that it makes no difference. */
  | { readonly kind: "unasked" }
  | { readonly kind: "unread" };

/** Whom and where access would be added to. */
export interface Subject {
  readonly principal: PrincipalSighting;
  readonly cluster: ClusterSighting;
  /** An instant before either was asked. */
  readonly askedAt: string;
}

/**
 * Asks IAM and EKS whom and where access would be added to. Called only where a grant is live: a
 * removal needs neither.
 *
 * @param asksCluster where a grant begins, or the entry is not the one that we know
 */
export async function lookUpSubject(pass: Pass, asksCluster: boolean): Promise<Subject> {
  const askedAt = pass.ports.clock.now();
  const [principal, cluster] = await Promise.all([
    readPrincipal(pass),
    asksCluster ? readCluster(pass) : ({ kind: "unasked" } as const),
  ]);
  return { principal, cluster, askedAt };
}

async function readPrincipal(pass: Pass): Promise<PrincipalSighting> {
  const { ports, address, grants } = pass;
  if (parsePrincipalArn(address.principalArn)?.account !== address.cluster.account)
    return { kind: "foreign" };
  const found = await unlessUnread(pass, () =>
    ports.entries.principal(address, grants.sessionFor(undefined)),
  );
  return found === "unread"
    ? { kind: found }
    : found
      ? { kind: "known", ...found }
      : { kind: "gone" };
}

async function readCluster(pass: Pass): Promise<ClusterSighting> {
  const { ports, address, grants } = pass;
  const found = await unlessUnread(pass, () =>
    ports.entries.cluster(address.cluster, grants.sessionFor(undefined)),
  );
  return found === "unread"
    ? { kind: found }
    : found
      ? { kind: "known", ...found }
      : { kind: "gone" };
}

async function unlessUnread<Found>(
  { run, binding }: Pass,
  ask: () => Promise<Found>,
): Promise<Found | "unread"> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    run.log("subject not read", { binding, ...factsOf(error) });
    return "unread";
  }
}
