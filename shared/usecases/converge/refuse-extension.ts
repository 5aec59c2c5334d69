import { brokenLink, linkOf, OTHER_TERMS } from "../../domain/entries/extension-chain.ts";
import type { Ledger, Refusal } from "../../domain/entries/ledger.ts";
import { objectionsToChain } from "../../domain/policy/extension.ts";
import type { AccessPolicy } from "../../domain/policy/policy.ts";
import { ruleOfRequest } from "../../domain/policy/rule-of-request.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";

/**
 * The refusal of an extension, by the policy and the ledger of converge. The requests table's word on its
 * predecessor counts for nothing. Once the extension has begun, the ledger holds its own place in the chain, so its
 * predecessor may end. Pure.
 *
 * @returns undefined if it may add access, and for any other grant
 */
export function refusalOfExtension(
  policy: AccessPolicy,
  grant: AccessRequest,
  ledger: Ledger,
  now: string,
): Refusal | undefined {
  if (grant.extends === undefined) return undefined;
  const own = ledger.begun[grant.id]?.chain;
  if (own && own.extends !== grant.extends) return OTHER_TERMS;
  const broken = own ? undefined : brokenLink(grant, ledger, now);
  if (broken) return broken;
  const rule = ruleOfRequest(policy, grant);
  const chain = own ?? linkOf(grant, ledger);
  if (!rule || !chain || grant.until === undefined) return OTHER_TERMS;
  const [objection] = objectionsToChain(rule, chain, grant.until);
  if (!objection) return undefined;
  const { code, detail: why } = objection;
  return { code, detail: `${why} Nothing was added; ask for access again.` };
}
