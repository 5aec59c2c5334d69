import { askedInMessages } from "../../domain/notices/delegate-notices.ts";
import { delegatorsAsked } from "../../domain/notices/delegates-asked.ts";
import type { NoticePlan, RequestNotice } from "../../domain/notices/notice.ts";
import { noticesTogether } from "../../domain/notices/notices-together.ts";
import { promptEvents } from "../../domain/notices/prompt-events.ts";
import { hasNotices } from "../../domain/notices/readers.ts";
import { requestEvents } from "../../domain/notices/request-events.ts";
import { areTogether } from "../../domain/policy/asked-together.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { NO_STOPS } from "../../domain/stops/stops.ts";
import { unlessMissing } from "../../domain/values/errors.ts";
import { plusSeconds } from "../../domain/values/instant.ts";
import type { NotifyPorts } from "../../ports/function-ports.ts";
import type { Topic } from "./topic.ts";

/** A request, and the delegates who decide on it. @throws BrokerError `request-not-found` */
export async function requestTopic(ports: NotifyPorts, id: string): Promise<Topic> {
  const { requests, delegations, stops, policy, clock } = ports;
  const request = await requests.load(id);
  const now = clock.now();
  const given = await Promise.all(
    delegatorsAsked(policy, request, now).map((person) => delegations.givenBy(person, now)),
  );
  // Only a request that waits for a decision shows it.
  const isAsked = hasNotices(policy) && request.state === "pending";
  const stopped = isAsked ? await stops.latest() : NO_STOPS;
  const together = policy.slack ? await askedWith(ports, request) : [];
  return {
    // An earlier part may have the message that shows this one.
    others: async () => together.map((other) => other.id).filter((other) => other < id),
    events: async () => requestEvents(request, await requests.history(id)),
    prompts: (at) => promptEvents(policy, request, at),
    plan: (at, sent) => {
      const writtenTo = askedInMessages(Object.keys(sent));
      const delegating = { delegations: given.flat(), writtenTo };
      const plan = noticesTogether(policy, request, together, at, delegating, stopped);
      return hasNotices(policy) ? withLook(plan, request, at) : plan;
    },
  };
}

/** The other parts of its ask. */
async function askedWith(
  { requests }: NotifyPorts,
  request: AccessRequest,
): Promise<readonly AccessRequest[]> {
  const read = (request.askedWith ?? []).map((id) => requests.load(id).catch(unlessMissing));
  const found = (await Promise.all(read)).filter((other) => other !== undefined);
  return found.filter((other) => areTogether(request, other));
}

/** The period after which a pending request's messages are compared with the policy of the day. */
const LOOK_SECONDS = 600;

/**
 * A deployment may change the deciders, and stores nothing about a request. So a pending request is looked at from
 * time to time: its messages lose the buttons of people who may press them no longer.
 */
const withLook = (
  plan: NoticePlan<RequestNotice>,
  { state }: AccessRequest,
  at: string,
): NoticePlan<RequestNotice> =>
  state === "pending" ? { ...plan, changesAt: sooner(plan.changesAt, at) } : plan;

function sooner(changesAt: string | null, at: string): string {
  const look = plusSeconds(at, LOOK_SECONDS);
  return changesAt !== null && changesAt < look ? changesAt : look;
}
