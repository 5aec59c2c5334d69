/** A call that changes an access entry, as EKS executed it, and who made it. */
import type { EntryOperation } from "../../../shared/domain/evidence/trail/trail-event.ts";
import { GRANTOR_ROLE_NAMES } from "../../../shared/domain/values/arn.ts";
import type { ElementSet } from "../../../shared/domain/values/element-set.ts";
import { ACCOUNT, REGION } from "../sim-policy.ts";

export type Caller =
  | { readonly kind: "role"; readonly roleArn: string; readonly sessionName: string }
  | { readonly kind: "service"; readonly name: string };

export interface EksChange {
  readonly operation: EntryOperation;
  readonly clusterArn: string;
  readonly principalArn: string;
  /** An access policy's ARN or `groups`; null for a call about the entry itself. */
  readonly target: string | null;
  /** All elements on the target after the call. */
  readonly elements: ElementSet;
  /** The elements that a change by others took from the target, or from the whole entry. */
  readonly taken?: ElementSet;
  readonly caller: Caller;
  readonly requestId: string;
  /** When EKS executed it. Milliseconds since the epoch. */
  readonly at: number;
  /** AWS's name for the error; null for a call that changed something. */
  readonly errorCode: string | null;
}

/** Whether it happened in the broker's own account and region, which need no stack to forward events. */
export const isNear = ({ clusterArn }: Pick<EksChange, "clusterArn">): boolean =>
  clusterArn.includes(`:${REGION}:${ACCOUNT}:`);

/** The grantor role under which the broker makes a call in a cluster's account. */
export function grantorRole(operation: EntryOperation, account: string): string {
  const kind = operation === "UpdateAccessEntry" ? "groups" : "policies";
  return `arn:aws:iam::${account}:role/${GRANTOR_ROLE_NAMES[kind]}`;
}
