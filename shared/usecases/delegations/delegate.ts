import { type Delegation, delegationOf } from "../../domain/delegations/delegation.ts";
import { madeRecord } from "../../domain/delegations/delegation-record.ts";
import type { Actor } from "../../domain/policy/actor.ts";
import {
  checkAsk,
  checkCount,
  circle,
  type DelegationAsk,
  isAtSameTime,
} from "../../domain/policy/delegation-ask.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";
import { type IdempotencyKey, IdempotencyTaken } from "../../ports/idempotency.ts";
import { checkSameBody, keyOf } from "../requests/call-key.ts";
import { countCall } from "../requests/count-call.ts";
import { checkNotSuspended } from "../stops/may-act.ts";

/**
 * Lets another person approve for the actor, from an instant until another. It counts for requests
 * that are pending then, and for those that come. A repeated call with the same idempotency key makes
 * no other delegation, and answers the first as it is now.
 *
 * @throws BrokerError what `checkAsk` throws, `too-many-delegations`, `delegation-circle`,
 *   `idempotency-mismatch`, `rate-limited`, `suspended`; `version-conflict` where others made delegations each time
 */
export async function delegate(
  ports: FrontPorts,
  actor: Actor,
  ask: DelegationAsk,
  idempotencyKey: string | undefined,
): Promise<Delegation> {
  const key = keyOf(actor, { operation: "createDelegation", body: ask, idempotencyKey });
  const earlier = key && (await madeUnder(ports, actor, key));
  if (earlier) return earlier;
  try {
    return await make(ports, actor, ask, key);
  } catch (error) {
    if (!(error instanceof IdempotencyTaken) || !key) throw error;
    const winner = await madeUnder(ports, actor, key);
    if (!winner) throw error;
    return winner;
  }
}

/** The actor's delegation under a key. Its records hold its terms, and whether it was ended since. */
async function madeUnder(
  { delegations }: FrontPorts,
  { member }: Actor,
  key: IdempotencyKey,
): Promise<Delegation | undefined> {
  const used = await delegations.idempotent(key.keyHash);
  checkSameBody(used, key);
  if (!used) return undefined;
  const { delegationId: id } = used;
  const made = delegationOf(id, await delegations.records(id));
  // An item of the requests table is a hint: it must not show the actor a delegation of other people.
  return made?.by === member.name ? made : undefined;
}

async function make(
  ports: FrontPorts,
  actor: Actor,
  ask: DelegationAsk,
  key: IdempotencyKey | undefined,
): Promise<Delegation> {
  await countCall(ports, actor, "delegate");
  await checkNotSuspended(ports, actor.member);
  for (let tries = 1; ; tries += 1)
    try {
      return await makeOnce(ports, actor, ask, key);
    } catch (error) {
      const isConflict = error instanceof BrokerError && error.code === "version-conflict";
      if (!isConflict || tries === TRIES) throw error;
    }
}

/** Delegations are seldom made, and each that others make at the same moment costs a try. */
const TRIES = 12;

/** Judges by the lists of a moment. Where somebody made a delegation since, nothing is stored. */
async function makeOnce(
  ports: FrontPorts,
  actor: Actor,
  ask: DelegationAsk,
  key: IdempotencyKey | undefined,
): Promise<Delegation> {
  const { policy, clock, ids, delegations } = ports;
  const { member, surface, proof } = actor;
  const now = clock.now();
  checkAsk(policy, member, ask, now);
  const after = await delegations.made();
  const { to, until } = ask;
  const times = { from: ask.from ?? now, until };
  checkCount(await delegations.givenBy(member.name, now));
  const way = await wayBack(ports, to, member.name, times, now);
  if (way) throw circle([member.name, ...way]);
  const id = ids.newId();
  const happened = { delegationId: id, actor: member.name, at: now, policyHash: policy.hash };
  const made = madeRecord(happened, { to, ...times, surface, proof });
  await delegations.create(made, { after, idempotency: key });
  return { id, by: member.name, to, ...times, createdAt: now, ended: null };
}

/**
 * The people over whom delegations that are in force at these times lead from one person to another; undefined
 * without such a way. Nobody decides over it: it is refused because all on it may be away.
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
