/**
 * Conditions on EKS access entries that several roles need.
 * Keys: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelastickubernetesservice.html
 */
import { TAG_MANAGED_BY } from "../entries/ledger.ts";

const OUR_TAG = `aws:ResourceTag/${TAG_MANAGED_BY}`;

/** The deployment made the entry. */
export const ownEntry = (deployment: string) => ({ StringEquals: { [OUR_TAG]: deployment } });

/** Somebody else made the entry, or another deployment. It holds without a tag as well. */
export const foreignEntry = (deployment: string) => ({
  StringNotEquals: { [OUR_TAG]: deployment },
});

/**
 * The entry is a node's or a service's. In a deny, a negated operator by itself also holds where
 * the key is missing, and would then block every removal. So the condition asks for the key as
 * well.
 */
export const NODE_OR_SERVICE_ENTRY = {
  StringNotEquals: { "eks:accessEntryType": "STANDARD" },
  Null: { "eks:accessEntryType": "false" },
};
