import type { Actor } from "../../domain/policy/actor.ts";
import { capacityFor } from "../../domain/policy/capacity.ts";
import { mayRead } from "../../domain/policy/request-rights.ts";
import { isExtendable } from "../../domain/requests/grant-time.ts";
import { momentAfter, type Step, transition } from "../../domain/requests/lifecycle.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { BrokerError, noRequest, unlessMissing } from "../../domain/values/errors.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";
import { type DelegationReads, delegatorsOf } from "../delegations/held-delegations.ts";
import { orWhatToEndFirst } from "./entry-room.ts";

/** The number of times that a change is tried. Conflicts on one request are rare. */
const TRIES = 5;

/** A request after a change, or as it was. */
export interface ChangedRequest {
  readonly request: AccessRequest;
  readonly isStored: boolean;
}

/** The steps to store: one, and others of requests in its chain. All or nothing. */
export interface Change {
  readonly step: Step;
  /** A step of the same request that follows at once. */
  readonly followedBy?: Step;
  readonly beside?: readonly Step[];
}

/**
 * Reads a request, lets `next` decide the change, and stores its step. After a conflict everything is read and
 * decided again. So exactly one of two verdicts wins, and the other gets an error. `next` returns undefined if
 * nothing changes.
 *
 * @param meant is called before all that may fail, also before the request lapses, and throws to refuse
 * @returns the request as it is now, and whether a step was stored
 * @throws BrokerError `request-not-found` also if the actor may not see the request, whatever `next` throws,
 *   `illegal-transition`, `version-conflict`, `too-many-grants`, `too-much-on-one-entry`
 * @throws NonceUsed if the actor's signed message acted before
 */
export async function changeRequest(
  ports: FrontPorts,
  actor: Actor,
  id: string,
  next: (request: AccessRequest, at: string) => Promise<Change | undefined>,
  meant?: (request: AccessRequest) => Promise<void>,
): Promise<ChangedRequest> {
  for (let left = TRIES; ; left -= 1) {
    const request = await visibleRequest(ports, actor, id);
    await meant?.(request);
    const at = momentAfter(request, ports.clock.now());
    const lapsed = await lapseOf(ports, request, at);
    const change = lapsed ? { step: lapsed } : await next(request, at);
    if (!change) return { request, isStored: false };
    const { step, followedBy, beside } = change;
    const last = followedBy ?? step;
    try {
      // The capacity only limits approvals. All other steps are stored regardless.
      const capacity = capacityFor(last.request, ports.settings);
      // The actor's message does not make the request lapse.
      const nonce = lapsed ? undefined : actor.nonce;
      await orWhatToEndFirst(ports, last.request, () =>
        ports.requests.save(step, { followedBy, capacity, nonce, beside }),
      );
    } catch (error) {
      if (left > 1 && error instanceof BrokerError && error.code === "version-conflict") continue;
      throw error;
    }
    if (lapsed) continue;
    return { request: last.request, isStored: true };
  }
}

/** The request, if the actor may see it. @throws BrokerError `request-not-found` */
export async function visibleRequest(
  ports: Pick<FrontPorts, "requests"> & DelegationReads,
  { member }: Actor,
  id: string,
): Promise<AccessRequest> {
  const { requests, policy } = ports;
  const request = await requests.load(id);
  if (mayRead(policy, member, request)) return request;
  if (mayRead(policy, member, request, await delegatorsOf(ports, member))) return request;
  throw noRequest(id);
}

/** An extension lapses as well once nothing is left to extend. */
async function lapseOf(
  ports: Pick<FrontPorts, "policy" | "requests">,
  request: AccessRequest,
  at: string,
): Promise<Step | undefined> {
  const due = lapseIfDue(ports, request, at);
  if (due || request.state !== "pending" || request.extends === undefined) return due;
  const predecessor = await ports.requests.load(request.extends).catch(unlessMissing);
  return predecessor && isExtendable(predecessor, at) ? undefined : lapse(ports, request, at);
}

/** The step that lapses a request that nobody decided in time, even before a sweep does so. */
export const lapseIfDue = (
  ports: Pick<FrontPorts, "policy">,
  request: AccessRequest,
  at: string,
): Step | undefined =>
  request.state !== "pending" || at < request.lapsesAt ? undefined : lapse(ports, request, at);

const lapse = ({ policy }: Pick<FrontPorts, "policy">, request: AccessRequest, at: string): Step =>
  transition(request, {
    type: "lapse",
    actor: "timelatch",
    at,
    policyHash: policy.hash,
    details: {},
    changes: {
      outcome: {
        code: "lapsed",
        detail:
          request.extends === undefined
            ? "Nobody decided in time. Nothing was granted; ask again."
            : "Nobody decided while the grant that it extends lasted. Nothing was added; ask for access again.",
      },
    },
  });
