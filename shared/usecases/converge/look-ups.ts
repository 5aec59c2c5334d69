import { allDone } from "./all-done.ts";
import { type Delegations, lookUpDelegations } from "./look-up-delegations.ts";
import { type Histories, lookUpRecords } from "./look-up-records.ts";
import { lookUpSubject, type Subject } from "./look-up-subject.ts";
import { entitlementsIn, type Pass } from "./pass.ts";

/** Nothing was looked up, because an obstacle rules out any access. */
export const UNASKED: LookUps = {
  subject: { principal: { kind: "unavailable" }, cluster: { kind: "unasked" }, askedAt: "" },
  delegations: undefined,
  histories: undefined,
};

/** What additions depend on, besides the entry. */
export interface LookUps {
  readonly subject: Subject;
  readonly delegations: Delegations | undefined;
  readonly histories: Histories | undefined;
}

/** What is asked besides. */
export interface Asks {
  /** Whether EKS is asked about the cluster too. */
  readonly cluster: boolean;
  /** Whether the histories of the live grants are read. */
  readonly histories: boolean;
}

export async function lookUp(pass: Pass, asks: Asks): Promise<LookUps> {
  const [subject, delegations, histories] = await allDone([
    lookUpSubject(pass, asks.cluster),
    lookUpDelegations(pass),
    asks.histories ? lookUpRecords(pass) : undefined,
  ]);
  return { subject, delegations, histories };
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
  const found = lookUp(pass, { cluster: true, histories: true });
  found.catch(() => undefined);
  return found;
}
