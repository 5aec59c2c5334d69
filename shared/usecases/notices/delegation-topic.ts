import { type Delegation, delegationOf } from "../../domain/delegations/delegation.ts";
import { delegationEvents, delegationOver } from "../../domain/notices/delegation-events.ts";
import { delegationNotices } from "../../domain/notices/delegation-notices.ts";
import { hasNotices } from "../../domain/notices/readers.ts";
import { memberOf } from "../../domain/policy/policy.ts";
import { mayDecideFor } from "../../domain/policy/request-rights.ts";
import type { NotifyPorts } from "../../ports/function-ports.ts";
import type { Topic } from "./topic.ts";

/** A delegation. The requests that wait for its delegator are asked, or asked no longer, with it. */
export async function delegationTopic(ports: NotifyPorts, id: string): Promise<Topic> {
  const { delegations, policy, clock } = ports;
  const records = await delegations.records(id);
  const delegation = delegationOf(id, records);
  if (!delegation) throw new Error(`Delegation ${id} has a notice record and no whole chain.`);
  return {
    events: async () => delegationEvents(policy, delegation, records, clock.now()),
    prompts: (now) => delegationOver(policy, delegation, now),
    plan: (now) => delegationNotices(policy, delegation, now),
    others: () =>
      waitingFor(ports, delegation, isOver(delegation, clock.now()) ? MOST_LOOKED_AT : MOST_ASKED),
  };
}

/**
 * A delegate hears of this many pending requests at once, the oldest. Slack takes a message a second, and nobody reads
 * more at once. The others are asked for as each is looked at from time to time, and App Home lists all.
 */
const MOST_ASKED = 10;
/** As many lose their buttons at once where the delegation is over. */
const MOST_LOOKED_AT = 100;

const isOver = ({ ended, until }: Delegation, now: string): boolean =>
  ended !== null || until <= now;

async function waitingFor(
  { requests, policy }: NotifyPorts,
  { by }: Delegation,
  limit: number,
): Promise<readonly string[]> {
  const delegator = memberOf(policy, by);
  if (!delegator || !hasNotices(policy)) return [];
  const { items } = await requests.awaiting(delegator.groups, { limit }, (request) =>
    mayDecideFor(policy, delegator, request),
  );
  return items.map(({ id }) => id);
}
