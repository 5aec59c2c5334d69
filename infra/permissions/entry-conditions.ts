/** Conditions on EKS access entries that more than one role needs. Keys: Service Authorization Reference, "Amazon EKS". */
import { MANAGED_BY, TAG_MANAGED_BY } from "../../shared/domain/entries/ledger.ts";

const OUR_TAG = `aws:ResourceTag/${TAG_MANAGED_BY}`;

/** The entry is one that the broker made. */
export const OURS = { StringEquals: { [OUR_TAG]: MANAGED_BY } };

/** The entry is there without the broker's doing. */
export const SOMEBODY_ELSES = { Null: { [OUR_TAG]: "true" } };

/**
 * The entry is a node's or a service's. For denies: a negated operator alone also holds where the
 * key is missing, and would then block every removal; so the key must be known to be there.
 */
export const NOT_A_PERSONS_ENTRY = {
  StringNotEquals: { "eks:accessEntryType": "STANDARD" },
  Null: { "eks:accessEntryType": "false" },
};
