import { allDone } from "./all-done.ts";
import { type Delegations, lookUpDelegations } from "./look-up-delegations.ts";
import { lookUpRecords, type OnRecord } from "./look-up-records.ts";
import { lookUpSubject, type Subject } from "./look-up-subject.ts";
import { entitlementsIn, type Pass } from "./pass.ts";

/** Nothing was looked up, because an obstacle rules out any access. */
export const UNASKED: LookUps = {
  subject: { principal: { kind: "unavailable" }, cluster: { kind: "unasked" }, askedAt: "" },
  delegations: undefined,
  onRecord: undefined,
};

/** What additions depend on, besides the entry. */
export interface LookUps {
  readonly subject: Subject;
  readonly delegations: Delegations | undefined;
  readonly onRecord: OnRecord | undefined;
}

/** @param asksCluster whether EKS is asked about the cluster too */
export async function lookUp(pass: Pass, asksCluster: boolean): Promise<LookUps> {
  const [subject, delegations, onRecord] = await allDone([
    lookUpSubject(pass, asksCluster),
    lookUpDelegations(pass),
    lookUpRecords(pass),
  ]);
  return { subject, delegations, onRecord };
}

/**
 * Begins to look up what additions depend on, while the entry is read. Only for a pass in which a
 * grant begins and nothing is over, so that no removal shares its calls with these.
 *
 * @returns undefined where no grant begins; nobody need wait for the rest
 */
export function lookUpEarly(pass: Pass): Promise<LookUps> | undefined {
  const isBeginning = entitlementsIn(pass).some(({ isLive, hasBegun }) => isLive && !hasBegun);
  // A cluster that did not answer is asked one question at a time.
  if (!isBeginning || pass.circuit.failures > 0) return undefined;
  const found = lookUp(pass, true);
  found.catch(() => undefined);
  return found;
}
