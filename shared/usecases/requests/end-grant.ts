import type { Actor } from "../../domain/policy/actor.ts";
import { mayRevoke } from "../../domain/policy/request-rights.ts";
import type { EndVerb } from "../../domain/requests/audit-event.ts";
import { transition } from "../../domain/requests/lifecycle.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import type { Cause } from "../../ports/converge-queue.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";
import { changeRequest } from "./change-request.ts";
import { wakeConverge } from "./wake-converge.ts";

interface EndKind {
  readonly cause: Cause;
  readonly outcome: string;
  /** How the outcome begins: `Cancelled by alice.` */
  readonly done: string;
  readonly who: string;
  readonly may: (ports: FrontPorts, actor: Actor, request: AccessRequest) => boolean;
}

const isRequester: EndKind["may"] = (_ports, { member }, request) =>
  member.name === request.requester;

const KINDS: Readonly<Record<EndVerb, EndKind>> = {
  cancel: {
    cause: "cancelled",
    outcome: "cancelled",
    done: "Cancelled",
    who: "the requester",
    may: isRequester,
  },
  return: {
    cause: "returned",
    outcome: "returned",
    done: "Returned",
    who: "the requester",
    may: isRequester,
  },
  revoke: {
    cause: "revoked",
    outcome: "revoked",
    done: "Revoked",
    who: "an approver of it or an admin",
    may: ({ policy }, { member }, request) => mayRevoke(policy, member, request),
  },
};

/**
 * Ends a request or grant early. Its requester cancels it before its access is active, or returns
 * it afterwards. An approver or admin revokes it. Converge removes the access, and the state is
 * `ending` until a read proves its absence.
 *
 * @param note the reason, for the audit trail and the outcome
 * @throws BrokerError `request-not-found`, `forbidden`, `illegal-transition`
 */
export async function endGrant(
  ports: FrontPorts,
  actor: Actor,
  id: string,
  verb: EndVerb,
  note?: string,
): Promise<AccessRequest> {
  const { cause, outcome, done, who, may } = KINDS[verb];
  const { request: ended } = await changeRequest(ports, actor, id, (request, at) => {
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
      details: { ...(note === undefined ? {} : { note }), proof: actor.proof },
      changes: {
        outcome: {
          code: outcome,
          detail: `${done} by ${actor.member.name}${note === undefined ? "." : `: ${note}`}`,
        },
      },
    });
  });
  if (ended.state === "ending") await wakeConverge(ports, ended, cause);
  return ended;
}
