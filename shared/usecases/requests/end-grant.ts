import type { Actor } from "../../domain/policy/actor.ts";
import { ownersOf } from "../../domain/policy/machines.ts";
import { hasRole } from "../../domain/policy/policy.ts";
import { mayRevoke } from "../../domain/policy/request-rights.ts";
import type { EndVerb } from "../../domain/requests/audit-event.ts";
import { lastInChain } from "../../domain/requests/chain-ends.ts";
import { type Step, transition } from "../../domain/requests/lifecycle.ts";
import { isRequestId } from "../../domain/requests/parse-grant.ts";
import type { AccessRequest, State } from "../../domain/requests/request.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import type { Cause } from "../../ports/converge-queue.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";
import { checkNotSuspended } from "../stops/may-act.ts";
import { type Change, changeRequest } from "./change-request.ts";
import { othersInChain } from "./grant-chain.ts";
import { noted, type Trial } from "./note-ends.ts";
import { wakeConverge } from "./wake-converge.ts";

interface EndKind {
  readonly cause: Cause;
  readonly outcome: string;
  /** How the outcome begins: `Cancelled by alice.` */
  readonly done: string;
  readonly who: (ports: FrontPorts, request: AccessRequest) => string;
  readonly may: (ports: FrontPorts, actor: Actor, request: AccessRequest) => boolean;
}

const isRequester: EndKind["may"] = (_ports, { member }, request) =>
  member.name === request.requester;

const KINDS: Readonly<Record<EndVerb, EndKind>> = {
  cancel: {
    cause: "cancelled",
    outcome: "cancelled",
    done: "Cancelled",
    who: () => "the requester",
    may: isRequester,
  },
  return: {
    cause: "returned",
    outcome: "returned",
    done: "Returned",
    who: () => "the requester",
    may: isRequester,
  },
  revoke: {
    cause: "revoked",
    outcome: "revoked",
    done: "Revoked",
    who: ({ policy }, { requester }) =>
      ownersOf(policy, requester).length === 0
        ? "an approver of it or an admin"
        : `an approver of it, an owner of ${requester} or an admin`,
    may: ({ policy }, { member }, request) => mayRevoke(policy, member, request),
  },
};

/**
 * Ends a request or grant early. Its requester cancels it before its access is active, or returns it afterwards. An
 * approver, an admin or an owner of the machine that asked revokes it. Converge removes the access, and the state is `ending` until a read proves its
 * absence.
 *
 * A person who returns or revokes a grant means the access. So its predecessors and its extensions
 * end in the same transaction. To cancel an extension ends nothing but that.
 *
 * @param note the reason, for the audit trail and the outcome
 * @throws BrokerError `request-not-found`, `forbidden`, `illegal-transition`, `suspended`
 */
export async function endGrant(
  ports: FrontPorts,
  actor: Actor,
  id: string,
  verb: EndVerb,
  note?: string,
): Promise<AccessRequest> {
  const { cause, who, may } = KINDS[verb];
  // Not the instant of the step: that may be one that others wrote.
  const endNote = { actor: actor.member.name, at: ports.clock.now(), verb };
  const mayEndAny = verb === "revoke" && hasRole(ports.policy, actor.member, "admins");
  let trial: Trial | undefined =
    mayEndAny && isRequestId(id)
      ? { id, request: undefined, links: new Map(), note: endNote }
      : undefined;
  // Before a lapse too: others can forge that a live grant is pending, so that its lapse fails.
  const meant = async (request: AccessRequest) => {
    trial = undefined;
    if (!may(ports, actor, request))
      throw new BrokerError(
        "forbidden",
        `Only ${who(ports, request)} may ${verb} this. Nothing was changed; ask them to.`,
      );
    trial = { id, request, links: new Map(), note: endNote };
    if (verb === "revoke" && !mayEndAny) await checkNotSuspended(ports, actor.member);
  };
  const decide = (request: AccessRequest, at: string) =>
    changeBy(ports, request, verb, { actor, at, note, policyHash: ports.policy.hash }, trial);
  const change = async () => {
    // The end of a record that cannot be read is noted, too.
    if (mayEndAny) await checkNotSuspended(ports, actor.member);
    return changeRequest(ports, actor, id, decide, meant);
  };
  const ended = await noted(ports, cause, () => trial, change());
  if (ended.state === "ending") await wakeConverge(ports, ended, cause);
  return ended;
}

/** The step of a request, with those of the others of its chain unless it is only cancelled. */
async function changeBy(
  { requests }: FrontPorts,
  request: AccessRequest,
  verb: EndVerb,
  end: End,
  trial: Trial | undefined,
): Promise<Change> {
  const step = endOf(request, verb, verb, end);
  if (verb === "cancel") return { step };
  return endsOfChain(request, await othersInChain(requests, request, trial?.links), verb, end);
}

/** The steps of a request and of the others of its chain. */
function endsOfChain(
  request: AccessRequest,
  others: readonly AccessRequest[],
  verb: Exclude<EndVerb, "cancel">,
  end: End,
): Change {
  const { id: teller } = lastBegun([request, ...others]) ?? request;
  const step = endOf(request, verb, verb, { ...end, teller });
  const beside = others.flatMap((other) => {
    const type = WITH_ANOTHER[verb][other.state];
    return type ? [endOf(other, type, verb, { ...end, teller })] : [];
  });
  return { step, beside };
}

/** The step by which a request of a chain ends with the returned or revoked grant, by its state. */
const WITH_ANOTHER: Readonly<
  Record<Exclude<EndVerb, "cancel">, Readonly<Partial<Record<State, EndVerb>>>>
> = {
  return: { pending: "cancel", approved: "cancel", active: "return" },
  revoke: { pending: "cancel", approved: "revoke", active: "revoke" },
};

/** The grant whose end says how the access of the whole chain ended. The others may never have begun. */
const lastBegun = (chain: readonly AccessRequest[]): AccessRequest | undefined =>
  lastInChain(chain.filter(({ effectiveAt }) => effectiveAt !== null));

interface End {
  readonly actor: Actor;
  readonly at: string;
  readonly note: string | undefined;
  readonly policyHash: string;
  /** The request of a chain whose message says that it ended. */
  readonly teller?: string;
}

/**
 * @param type the step of this request
 * @param verb the actor's verb, for the outcome
 */
function endOf(
  request: AccessRequest,
  type: EndVerb,
  verb: EndVerb,
  { actor: { member, proof }, at, note, policyHash, teller = request.id }: End,
): Step {
  const { outcome, done } = KINDS[verb];
  return transition(request, {
    type,
    actor: member.name,
    at,
    policyHash,
    details: { ...(note === undefined ? {} : { note }), proof },
    changes: {
      ...(teller === request.id ? {} : { endedWith: teller }),
      outcome: {
        code: outcome,
        detail: `${done} by ${member.name}${note === undefined ? "." : `: ${note}`}`,
      },
    },
  });
}
