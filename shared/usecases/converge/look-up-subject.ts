import type { ClusterDescription } from "../../domain/clusters/cluster-facts.ts";
import { isInAccountOf, parsePrincipalArn } from "../../domain/values/arn.ts";
import { CallFailed, type PrincipalIdentity } from "../../ports/access-entries.ts";
import { factsOf } from "./converge-run.ts";
import type { PartOf } from "./pass.ts";

/** The principal behind the ARN. A recreated role has the same ARN and another id. */
type PrincipalSighting =
  | ({ readonly kind: "known" } & PrincipalIdentity)
  | { readonly kind: "gone" }
  /** In another account, whose IAM the broker cannot read. */
  | { readonly kind: "foreign" }
  /** IAM did not answer. Nothing is added until it does, but grants still end. */
  | { readonly kind: "unavailable" };

/** The cluster behind the ARN. A recreated cluster has the same ARN. */
type ClusterSighting =
  | ({ readonly kind: "known" } & ClusterDescription)
  | { readonly kind: "gone" }
  /** Not looked up, because no grant begins. */
  | { readonly kind: "unasked" }
  | { readonly kind: "unavailable" };

/** The principal that would get access, and the cluster. */
export interface Subject {
  readonly principal: PrincipalSighting;
  readonly cluster: ClusterSighting;
  /** A time before either lookup. */
  readonly askedAt: string;
}

/** The part of a pass that looks up principal and cluster. */
type Asker = PartOf<"entry" | "run" | "binding", "clock">;

/**
 * Looks up the principal in IAM and the cluster in EKS. Called only if a grant is live: a removal
 * needs neither.
 *
 * @param asksCluster true if a call may add access, or the entry is not the known one
 */
export async function lookUpSubject(asker: Asker, asksCluster: boolean): Promise<Subject> {
  const askedAt = asker.ports.clock.now();
  const [principal, cluster] = await Promise.all([
    readPrincipal(asker),
    asksCluster ? readCluster(asker) : ({ kind: "unasked" } as const),
  ]);
  return { principal, cluster, askedAt };
}

async function readPrincipal(asker: Asker): Promise<PrincipalSighting> {
  const { entry } = asker;
  const { principalArn, cluster } = entry.address;
  if (!isInAccountOf(parsePrincipalArn(principalArn), cluster)) return { kind: "foreign" };
  const found = await orUnavailable(asker, () => entry.principal());
  return found === "unavailable"
    ? { kind: found }
    : found
      ? { kind: "known", ...found }
      : { kind: "gone" };
}

async function readCluster(asker: Asker): Promise<ClusterSighting> {
  const found = await orUnavailable(asker, () => asker.entry.cluster());
  return found === "unavailable"
    ? { kind: found }
    : found
      ? { kind: "known", ...found }
      : { kind: "gone" };
}

async function orUnavailable<Found>(
  { run, binding }: Asker,
  ask: () => Promise<Found>,
): Promise<Found | "unavailable"> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    run.log("subject not read", { binding, ...factsOf(error) });
    return "unavailable";
  }
}
