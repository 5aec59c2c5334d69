import { bindingKey } from "../../domain/entries/binding.ts";
import { glassOpen, openGlassOf } from "../../domain/policy/open-glass.ts";
import type { Member, Rule } from "../../domain/policy/policy.ts";
import type { RefusedAsk } from "../../domain/policy/refused-ask.ts";
import type { ClusterRef } from "../../domain/requests/request.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";

interface Asked {
  readonly rule: Pick<Rule, "breakGlass">;
  readonly cluster: Pick<ClusterRef, "arn">;
}

/**
 * The refusal of a break-glass where the person has an open one on the cluster, to whichever of
 * their principals. Calls at the same time may both pass: of two on one entry, converge begins one.
 *
 * @param at ISO 8601 UTC
 */
export async function blockedByGlass(
  { requests }: Pick<FrontPorts, "requests">,
  { name, principals }: Member,
  { rule, cluster }: Asked,
  at: string,
): Promise<RefusedAsk | undefined> {
  if (!rule.breakGlass) return undefined;
  const grants = await Promise.all(
    principals.map((principalArn) => requests.openOn(bindingKey(cluster.arn, principalArn))),
  );
  const open = openGlassOf(grants.flat(), name, at);
  return open && glassOpen(open);
}
