import type { CounterOffer } from "./counter-offer.ts";

/** The decision of an approver. */
export type Decision = Approve | Deny;

export interface Approve extends Decided {
  readonly verdict: "approve";
  /** The lesser terms to approve. */
  readonly less?: CounterOffer;
}

interface Deny extends Decided {
  readonly verdict: "deny";
}

interface Decided {
  /** The digest of the terms that the approver was shown. */
  readonly digest: string;
  readonly note?: string;
  /** The delegator for whom they decide; absent for whoever's place is open, themselves first. */
  readonly onBehalfOf?: string;
}
