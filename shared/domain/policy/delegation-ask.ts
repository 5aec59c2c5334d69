/** Whether somebody may let another person approve for them. */
import type { Delegation } from "../delegations/delegation.ts";
import { approverGroups } from "../requests/requirement.ts";
import { formatDuration } from "../values/duration.ts";
import { BrokerError } from "../values/errors.ts";
import { secondsBetween } from "../values/instant.ts";
import { mayBeDelegate } from "./delegated.ts";
import { delegationsOff, notADelegate } from "./delegation-refusals.ts";
import { checkNotMachine } from "./machines.ts";
import { type AccessPolicy, isMachine, type Member, memberOf } from "./policy.ts";

/** The terms of a delegation that somebody asks for. Instants are ISO 8601 UTC. */
export interface DelegationAsk {
  /** A person of `access.yaml`. */
  readonly to: string;
  /** Null for at once. */
  readonly from: string | null;
  readonly until: string;
}

/** How many delegations one person may have given that are not over. */
const MOST_GIVEN = 10;

/**
 * Checks what needs no other delegation. Pure.
 *
 * @param now when it is asked for
 * @throws BrokerError `machine-asks-only`, `delegations-off`, `unknown-delegate`, `not-a-delegate`, `delegation-to-self`,
 *   `delegation-in-past`, `delegation-without-time`, `delegation-too-long`, `nothing-to-delegate`
 */
export function checkAsk(
  policy: AccessPolicy,
  member: Member,
  ask: DelegationAsk,
  now: string,
): void {
  checkNotMachine(member);
  if (!policy.delegations) throw delegationsOff();
  checkDelegate(policy, member, ask);
  checkTimes(ask, now, policy.delegations.longestSeconds);
  if (!hasAnyToDelegate(policy, member))
    throw new BrokerError(
      "nothing-to-delegate",
      "You are in no group that approves requests under a rule that can be delegated. Nothing was stored; have one of its approvers delegate.",
    );
}

function checkDelegate(policy: AccessPolicy, { name }: Member, { to }: DelegationAsk): void {
  const delegate = memberOf(policy, to);
  if (!delegate)
    throw new BrokerError(
      "unknown-delegate",
      `access.yaml knows nobody of the name ${to.slice(0, 64)}. Nothing was stored; name a person as access.yaml does.`,
    );
  if (to === name)
    throw new BrokerError(
      "delegation-to-self",
      "You cannot delegate to yourself. Nothing was stored; name another person.",
    );
  if (!mayBeDelegate(policy, delegate)) throw notADelegate(policy, to);
}

function checkTimes({ from, until }: DelegationAsk, now: string, longestSeconds: number): void {
  const begins = from ?? now;
  if (until <= now || begins < now)
    throw new BrokerError(
      "delegation-in-past",
      `It is ${now}, and a delegation from ${begins} until ${until} would lie in the past. Nothing was stored; name later instants, or no beginning for at once.`,
      { now },
    );
  if (until <= begins)
    throw new BrokerError(
      "delegation-without-time",
      `A delegation from ${begins} until ${until} would end before it begins. Nothing was stored; name a later end.`,
    );
  if (secondsBetween(begins, until) > longestSeconds)
    throw new BrokerError(
      "delegation-too-long",
      `A delegation lasts at most ${formatDuration(longestSeconds)}. Nothing was stored; name an earlier end.`,
      { longestSeconds },
    );
}

/** Whether a person approves under any rule that lets others decide for its approvers. */
export const hasAnyToDelegate = (
  policy: AccessPolicy,
  { groups, machine }: Pick<Member, "groups" | "machine">,
): boolean =>
  !isMachine({ machine }) &&
  policy.rules.some(
    ({ delegable, approval, agents = [] }) =>
      delegable &&
      [...approval, ...agents].some((need) =>
        approverGroups(need).some((group) => groups.includes(group)),
      ),
  );

/** @param given what the person has given and is not over @throws BrokerError `too-many-delegations` */
export function checkCount(given: readonly Delegation[]): void {
  if (given.length < MOST_GIVEN) return;
  throw new BrokerError(
    "too-many-delegations",
    `You have ${given.length} delegations that are not over, and at most ${MOST_GIVEN} are allowed. Nothing was stored; end one of them first.`,
    { most: MOST_GIVEN },
  );
}

type Times = Pick<Delegation, "from" | "until">;

/** Whether two delegations are in force together for a while. */
export const isAtSameTime = (a: Times, b: Times): boolean => a.from < b.until && b.from < a.until;

/** @param way people, each of whom delegates to the next; the last is the first */
export const circle = (way: readonly string[]) =>
  new BrokerError(
    "delegation-circle",
    `At the same time, ${way.slice(1, -1).join(" and ")} would let others approve, and you again for them. Nothing was stored; name another person, or other times.`,
    { way },
  );
