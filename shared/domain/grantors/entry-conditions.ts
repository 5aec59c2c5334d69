/**
 * Conditions on EKS access entries that several roles need.
 * Keys: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelastickubernetesservice.html
 */
import { MANAGED_BY, TAG_MANAGED_BY } from "../entries/ledger.ts";

const OUR_TAG = `aws:ResourceTag/${TAG_MANAGED_BY}`;

/** The broker made the entry. */
export const OWN_ENTRY = { StringEquals: { [OUR_TAG]: MANAGED_BY } };

/** Somebody else made the entry. */
export const FOREIGN_ENTRY = { Null: { [OUR_TAG]: "true" } };

/**
 * The entry is a node's or a service's. For denies: a negated operator alone also holds where the
 * key is missing, and would then block every removal. So the condition asks for the key as well.
 */
export const NODE_OR_SERVICE_ENTRY = {
  StringNotEquals: { "eks:accessEntryType": "STANDARD" },
  Null: { "eks:accessEntryType": "false" },
};
