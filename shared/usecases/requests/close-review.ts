import type { Actor } from "../../domain/policy/actor.ts";
import { hasPartIn, isReviewer } from "../../domain/policy/review-rights.ts";
import { tooEarlyToReview } from "../../domain/requests/closable-review.ts";
import { transition } from "../../domain/requests/lifecycle.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import type { Review } from "../../domain/requests/review.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";
import { checkNotSuspended } from "../stops/may-act.ts";
import { changeRequest } from "./change-request.ts";

/**
 * Closes the review of a break-glass with a note, once its access is over. If two people close it
 * at once, one of them gets `review-closed`.
 *
 * @throws BrokerError `request-not-found`, `no-review`, `own-review`, `not-reviewer`, `review-too-early`,
 *   `review-closed`, `suspended`, `version-conflict`
 */
export async function closeReview(
  ports: FrontPorts,
  actor: Actor,
  id: string,
  note: string,
): Promise<AccessRequest> {
  const { member, surface, proof } = actor;
  const { request: closed } = await changeRequest(ports, actor, id, async (request, at) => {
    const review = closableReviewOf(ports, actor, request);
    await checkNotSuspended(ports, member);
    const step = transition(request, {
      type: "review",
      actor: member.name,
      at,
      policyHash: ports.policy.hash,
      details: { note, surface, proof },
      changes: { review: { ...review, closed: { person: member.name, at, note } } },
    });
    return { step };
  });
  return closed;
}

/**
 * The open review of a request, if the actor may close it now.
 *
 * @throws BrokerError as `closeReview`
 */
export function closableReviewOf(
  { policy }: Pick<FrontPorts, "policy">,
  { member }: Pick<Actor, "member">,
  request: AccessRequest,
): Review {
  const { review, state, expiresAt } = request;
  if (!review)
    throw new BrokerError(
      "no-review",
      "This request opened no review: only a break-glass does, once it is approved. Nothing was changed; look at its history.",
    );
  if (hasPartIn(policy, member, request))
    throw new BrokerError(
      "own-review",
      "You asked for this access, or hold its principal, so you cannot review it. Nothing was changed; ask someone else to close the review.",
    );
  if (!isReviewer(member, request))
    throw new BrokerError(
      "not-reviewer",
      `Only ${review.by.join(", ")} may close this review. Nothing was changed; ask one of their members.`,
    );
  if (review.closed)
    throw new BrokerError(
      "review-closed",
      `${review.closed.person} has closed this review. Nothing was changed; look at their note in its history.`,
      { person: review.closed.person, at: review.closed.at },
    );
  const tooEarly = tooEarlyToReview(request);
  if (tooEarly) throw new BrokerError("review-too-early", tooEarly.detail, { state, expiresAt });
  return review;
}
