/** Grants of rules that are for whoever is on call. */
import type { Refusal } from "../../domain/entries/ledger.ts";
import { ON_CALL_COUNTS_SECONDS } from "../../domain/facts/on-call.ts";
import {
  askedOf,
  factOf,
  type KnownOnCall,
  knownOnCall,
} from "../../domain/policy/known-on-call.ts";
import { type AccessPolicy, memberOf } from "../../domain/policy/policy.ts";
import { ruleOfRequest } from "../../domain/policy/rule-of-request.ts";
import { startOf } from "../../domain/requests/grant-time.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { secondsBetween } from "../../domain/values/instant.ts";
import type { ConvergePorts } from "../../ports/function-ports.ts";
import type { LookUps } from "./look-ups.ts";
import type { Snapshot } from "./snapshot.ts";

/**
 * The judgements about a grant's requester. They are read now where it begins. One that has begun leans on
 * what the ledger keeps, since it stays when a shift ends.
 */
export function onCallOf(
  { ledger, now }: Snapshot,
  grant: AccessRequest,
  hasBegun: boolean,
  { readings }: Pick<LookUps, "readings">,
  { policy }: Pick<ConvergePorts, "policy">,
): KnownOnCall | undefined {
  const kept = ledger.begun[grant.id]?.onCall;
  if (hasBegun) return kept && new Map([[kept.onCall, { is: "yes", fact: kept } as const]]);
  const rule = ruleOfRequest(policy, grant);
  const member = memberOf(policy, grant.requester);
  if (!rule || !member || !readings) return undefined;
  return knownOnCall(policy, member, askedOf([rule]), readings, now);
}

/** The fact that a grant leans on when it begins; undefined where its rule asks for none. */
export const leanOf = (
  policy: AccessPolicy,
  grant: AccessRequest,
  onCall: KnownOnCall | undefined,
) => {
  const rule = ruleOfRequest(policy, grant);
  return rule && factOf(rule, onCall);
};

/** An answer may come again: a grant waits for one as long as an answer counts. */
export const isStillUnknown = ({ code }: Refusal, grant: AccessRequest, now: string): boolean =>
  code === "on-call-unknown" &&
  secondsBetween(startOf(grant) ?? grant.createdAt, now) < ON_CALL_COUNTS_SECONDS;
