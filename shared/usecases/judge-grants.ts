import { admit } from "../domain/admission.ts";
import { isInTime } from "../domain/claim.ts";
import { secondsBetween } from "../domain/instant.ts";
import type { AccessRequest } from "../domain/request.ts";
import type { ConvergePorts } from "../ports/ports.ts";
import type { GrantBook } from "./grant-book.ts";
import type { Principal, Readable } from "./read-entry.ts";

/** Why a grant gets nothing. */
export interface Verdict {
  readonly code: string;
  readonly detail: string;
}

export interface JudgedGrants {
  /** May add access. */
  readonly admitted: ReadonlySet<string>;
  /** Are live, but may add nothing: policy gates what is added, and never takes away. */
  readonly kept: ReadonlySet<string>;
  /** Are to fail, once none of their access is there. */
  readonly refused: ReadonlyMap<string, Verdict>;
  /** Whether a grant waits for a policy that is being deployed. */
  readonly waiting: boolean;
}

/**
 * Decides for every grant of the binding what it may do in this pass. Grants whose cluster or
 * principal is gone are withdrawn here.
 */
export async function judgeGrants(
  ports: ConvergePorts,
  book: GrantBook,
  reading: Readable,
  now: string,
): Promise<JudgedGrants> {
  const admitted = new Set<string>();
  const kept = new Set<string>();
  const refused = new Map<string, Verdict>();
  let waiting = false;
  const obstacle = obstacleOf(reading);
  for (const grant of book.open) {
    if (!isInTime(grant, now)) continue;
    if (obstacle) {
      if (grant.state === "approved") refused.set(grant.id, obstacle);
      else await withdraw(book, grant, obstacle, now);
      continue;
    }
    if (reading.kind === "read" && reading.principal.kind === "unread") {
      if (grant.state === "active") kept.add(grant.id);
      waiting = true;
      continue;
    }
    const admission = admit(ports.policy, grant, ports.settings, now);
    if (admission.admitted) admitted.add(grant.id);
    else if (grant.state === "active") kept.add(grant.id);
    else if (isBetweenPolicies(ports, grant, now)) waiting = true;
    else refused.set(grant.id, admission);
  }
  return { admitted, kept, refused, waiting };
}

/** What keeps every grant of the binding from having access at all. */
function obstacleOf(reading: Readable): Verdict | undefined {
  return reading.kind === "impossible" ? reading : PRINCIPAL_OBSTACLES[reading.principal.kind];
}

const PRINCIPAL_OBSTACLES: Readonly<Partial<Record<Principal["kind"], Verdict>>> = {
  recreated: {
    code: "principal-recreated",
    detail: "The role was deleted and created anew under the same name; ask again for the new one.",
  },
  gone: { code: "principal-gone", detail: "IAM knows no such principal. Nothing was granted." },
};

async function withdraw(book: GrantBook, grant: AccessRequest, why: Verdict, now: string) {
  const { code, detail } = why;
  await book.step(grant.id, { type: "withdraw", at: now, changes: { outcome: { code, detail } } });
}

/** A deployment replaces functions at different moments, so two policies may meet for a while. */
function isBetweenPolicies(
  { policy, settings }: ConvergePorts,
  grant: AccessRequest,
  now: string,
): boolean {
  return (
    grant.policyHash !== policy.hash &&
    grant.approvedAt !== null &&
    secondsBetween(grant.approvedAt, now) < settings.policySkewSeconds
  );
}
