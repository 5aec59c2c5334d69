import type { Actor } from "../../domain/policy/actor.ts";
import { delegationState } from "../../domain/policy/delegated.ts";
import { notInForce } from "../../domain/policy/delegation-refusals.ts";
import { memberOf } from "../../domain/policy/policy.ts";
import { mayDecideFor } from "../../domain/policy/request-rights.ts";
import { BrokerError, type ErrorCode } from "../../domain/values/errors.ts";
import { plusSeconds } from "../../domain/values/instant.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";

/** The time for which a delegate is told why they may decide no more. */
const LATELY_SECONDS = 86_400;

/** Answers to somebody who may not decide, or not even see the request. */
const MAY_NOT: ReadonlySet<ErrorCode> = new Set(["request-not-found", "forbidden"]);

/**
 * The answer of `act`. Where it refuses who decides, and a delegation under which they could have
 * decided is over since a day at most, it says so: a message may still show them the request.
 *
 * @throws BrokerError `delegation-over`, `delegation-ended`, or whatever `act` throws
 */
export async function orWhyNoLonger<Done>(
  ports: FrontPorts,
  actor: Actor,
  id: string,
  act: () => Promise<Done>,
): Promise<Done> {
  try {
    return await act();
  } catch (error) {
    const isAboutWho = error instanceof BrokerError && MAY_NOT.has(error.code);
    throw (isAboutWho && (await whyNoLonger(ports, actor, id))) || error;
  }
}

async function whyNoLonger(
  { requests, delegations, policy, clock }: FrontPorts,
  { member }: Actor,
  id: string,
): Promise<BrokerError | undefined> {
  if (!policy.delegations) return undefined;
  const now = clock.now();
  const lately = await delegations.lately(member.name, plusSeconds(now, -LATELY_SECONDS), now);
  if (lately.length === 0) return undefined;
  const request = await requests.load(id);
  const could = lately.find(({ by }) => {
    const delegator = memberOf(policy, by);
    return delegator !== undefined && mayDecideFor(policy, delegator, request);
  });
  return could && notInForce(policy, could, delegationState(policy, could, now));
}
