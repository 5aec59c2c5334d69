/** Stores what somebody asks for in Slack, once for each press. */
import type { Actor } from "../../domain/policy/actor.ts";
import type { Ask } from "../../domain/requests/ask.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { hashOf } from "../../domain/values/canonical-json.ts";
import { plusSeconds } from "../../domain/values/instant.ts";
import { createRequest } from "../../usecases/requests/create-request.ts";
import { listOwn } from "../../usecases/requests/read-requests.ts";
import type { SlackFront } from "./slack-front.ts";

/** How long the same terms, approved by the policy itself, are a second press of the same button. */
const SAME_PRESS_SECONDS = 60;

/**
 * A pending request is already refused a second time. A request that the policy approves at once is
 * not, and pressing twice would lend twice: so the first request answers.
 *
 * @throws BrokerError what `createRequest` throws
 */
export async function askOnce(
  front: SlackFront,
  actor: Actor,
  ask: Ask,
  key: string,
): Promise<AccessRequest> {
  const since = plusSeconds(front.clock.now(), -SAME_PRESS_SECONDS);
  const { items } = await listOwn(front, actor, { limit: 5 });
  const earlier = items.find(
    ({ createdAt, state, approvals, cluster, access, reason, principalArn, durationSeconds }) =>
      createdAt >= since &&
      (state === "approved" || state === "active") &&
      approvals.length === 0 &&
      cluster.name === ask.cluster &&
      hashOf(access) === hashOf(ask.access) &&
      reason === ask.reason &&
      durationSeconds === (ask.durationSeconds ?? durationSeconds) &&
      principalArn === (ask.principalArn ?? principalArn),
  );
  return earlier ?? createRequest(front, actor, ask, key);
}
