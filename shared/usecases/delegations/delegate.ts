import type { Delegation } from "../../domain/delegations/delegation.ts";
import { madeRecord } from "../../domain/delegations/delegation-record.ts";
import type { Actor } from "../../domain/policy/actor.ts";
import {
  checkAsk,
  checkCount,
  circle,
  type DelegationAsk,
  isAtSameTime,
} from "../../domain/policy/delegation-ask.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";
import { countCall } from "../requests/count-call.ts";
import { checkNotSuspended } from "../stops/may-act.ts";

/**
 * Lets another person approve for the actor, from an instant until another. It counts for requests
 * that are pending then, and for those that come.
 *
 * @throws BrokerError what `checkAsk` throws, `too-many-delegations`, `delegation-circle`,
 *   `rate-limited`, `suspended`
 */
export async function delegate(
  ports: FrontPorts,
  actor: Actor,
  ask: DelegationAsk,
): Promise<Delegation> {
  const { policy, clock, ids, delegations } = ports;
  const { member, surface, proof } = actor;
  const now = clock.now();
  await countCall(ports, actor, "delegate");
  await checkNotSuspended(ports, member);
  checkAsk(policy, member, ask, now);
  const { to, until } = ask;
  const times = { from: ask.from ?? now, until };
  checkCount(await delegations.givenBy(member.name, now));
  const way = await wayBack(ports, to, member.name, times, now);
  if (way) throw circle([member.name, ...way]);
  const id = ids.newId();
  const happened = { delegationId: id, actor: member.name, at: now, policyHash: policy.hash };
  await delegations.create(madeRecord(happened, { to, ...times, surface, proof }));
  return { ...{ id, by: member.name, to }, ...times, createdAt: now, ended: null };
}

/**
 * The people over whom delegations that are in force at these times lead from one person to another;
 * undefined where none do. Nobody decides over such a way: it is refused because all on it may be away.
 */
async function wayBack(
  { delegations }: Pick<FrontPorts, "delegations">,
  from: string,
  to: string,
  times: Pick<Delegation, "from" | "until">,
  now: string,
): Promise<readonly string[] | undefined> {
  const ways: (readonly string[])[] = [[from]];
  const seen = new Set([from]);
  for (let way = ways.shift(); way; way = ways.shift()) {
    const last = way.at(-1) ?? from;
    if (last === to) return way;
    for (const given of await delegations.givenBy(last, now))
      if (isAtSameTime(given, times) && !seen.has(given.to)) {
        seen.add(given.to);
        ways.push([...way, given.to]);
      }
  }
  return undefined;
}
