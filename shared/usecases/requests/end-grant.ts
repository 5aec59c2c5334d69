import type { Actor } from "../../domain/policy/actor.ts";
import { mayRevoke } from "../../domain/policy/standing.ts";
import { transition } from "../../domain/requests/lifecycle.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import type { Cause } from "../../ports/converge-queue.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";
import { changeRequest } from "./change-request.ts";
import { wakeConverge } from "./wake-converge.ts";

/** The three ways in which people end what they asked for or watch over. */
export type EndVerb = "cancel" | "return" | "revoke";

interface EndKind {
  readonly cause: Cause;
  readonly outcome: string;
  readonly who: string;
  readonly may: (ports: FrontPorts, actor: Actor, request: AccessRequest) => boolean;
}

const isRequester: EndKind["may"] = (_ports, { member }, request) =>
  member.name === request.requester;

const KINDS: Readonly<Record<EndVerb, EndKind>> = {
  cancel: { cause: "cancelled", outcome: "cancelled", who: "the requester", may: isRequester },
  return: { cause: "returned", outcome: "returned", who: "the requester", may: isRequester },
  revoke: {
    cause: "revoked",
    outcome: "revoked",
    who: "an approver of it or an admin",
    may: ({ policy }, { member }, request) => mayRevoke(policy, member, request),
  },
};

/**
 * Ends a request or a grant early: its requester cancels what has not begun or returns what has,
 * an approver or admin revokes. Access is removed by converge; the answer is `ending` until its
 * absence was read back.
 *
 * @throws BrokerError `request-not-found`, `forbidden`, `illegal-transition`
 */
export async function endGrant(
  ports: FrontPorts,
  actor: Actor,
  id: string,
  verb: EndVerb,
): Promise<AccessRequest> {
  const { cause, outcome, who, may } = KINDS[verb];
  const ended = await changeRequest(ports, actor, id, (request, at) => {
    if (!may(ports, actor, request))
      throw new BrokerError(
        "forbidden",
        `Only ${who} may ${verb} this. Nothing was changed; ask them to.`,
      );
    return transition(request, {
      type: verb,
      actor: actor.member.name,
      at,
      policyHash: ports.policy.hash,
      details: { proof: actor.proof },
      changes: { outcome: { code: outcome, detail: `${actor.member.name} ended it.` } },
    });
  });
  if (ended.state === "ending") await wakeConverge(ports, ended, cause);
  return ended;
}
