import type { Actor } from "../../domain/policy/actor.ts";
import { isAskedIn } from "../../domain/policy/glass-surface.ts";
import type { Rule } from "../../domain/policy/policy.ts";
import { BrokerError } from "../../domain/values/errors.ts";

/**
 * A rule that lets nobody decide in Slack lends no break-glass from there.
 *
 * @param command that asks for the same at a terminal
 * @throws BrokerError `decided-elsewhere`
 */
export function checkAskedHere(
  rule: Rule,
  { surface }: Pick<Actor, "surface">,
  command: string,
): void {
  if (isAskedIn(rule, surface)) return;
  throw new BrokerError(
    "decided-elsewhere",
    `Nobody may ask for break-glass under ${rule.name} in Slack. Nothing was changed; ask at a terminal: ${command}`,
  );
}
