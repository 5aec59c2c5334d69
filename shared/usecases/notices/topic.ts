import type { BusEvent } from "../../domain/notices/bus-event.ts";
import type { NoticePlan } from "../../domain/notices/notice.ts";
import { noticesFor } from "../../domain/notices/notices-for.ts";
import { requestEvents } from "../../domain/notices/request-events.ts";
import { parseSubject } from "../../domain/notices/subject.ts";
import type { NotifyPorts } from "../../ports/function-ports.ts";

/** What is stored of a subject, as far as messages and events show it. */
export interface Topic {
  /** Every step of the subject, oldest first. */
  readonly events: () => Promise<readonly BusEvent[]>;
  /** The messages that should exist at an instant. ISO 8601 UTC. */
  readonly plan: (now: string) => NoticePlan;
}

/** Reads what a subject is now. @throws BrokerError `request-not-found` */
export async function topicOf(ports: NotifyPorts, subject: string): Promise<Topic> {
  const parsed = parseSubject(subject);
  if (parsed?.kind !== "request") throw new Error(`${subject} is no subject of notices.`);
  const { requestId } = parsed;
  const request = await ports.requests.load(requestId);
  return {
    events: async () => requestEvents(request, await ports.requests.history(requestId)),
    plan: (now) => noticesFor(ports.policy, request, now),
  };
}
