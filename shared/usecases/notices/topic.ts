import type { BusEvent, StepEvent } from "../../domain/notices/bus-event.ts";
import { findingEvents } from "../../domain/notices/finding-events.ts";
import { findingNotices } from "../../domain/notices/finding-notices.ts";
import type { NoticePlan } from "../../domain/notices/notice.ts";
import { noticesFor } from "../../domain/notices/notices-for.ts";
import { promptEvents } from "../../domain/notices/prompt-events.ts";
import { requestEvents } from "../../domain/notices/request-events.ts";
import { parseSubject } from "../../domain/notices/subject.ts";
import type { NotifyPorts } from "../../ports/function-ports.ts";

/** What is stored of a subject, as far as messages and events show it. */
export interface Topic {
  /** Every step of the subject, oldest first. */
  readonly events: () => Promise<readonly StepEvent[]>;
  /** The prompts that are due at an instant. ISO 8601 UTC. */
  readonly prompts: (now: string) => readonly BusEvent[];
  /** The messages that should exist at an instant. ISO 8601 UTC. */
  readonly plan: (now: string) => NoticePlan;
}

/**
 * Reads what a subject is now. A subject is stored with its notice record, so that a record without
 * one is a defect.
 *
 * @throws BrokerError `request-not-found`
 */
export async function topicOf(ports: NotifyPorts, subject: string): Promise<Topic> {
  const parsed = parseSubject(subject);
  if (!parsed) throw new Error(`${subject} is no subject of notices.`);
  return parsed.kind === "request"
    ? await requestTopic(ports, parsed.requestId)
    : await findingTopic(ports, parsed.findingId);
}

async function requestTopic({ requests, policy }: NotifyPorts, id: string): Promise<Topic> {
  const request = await requests.load(id);
  return {
    events: async () => requestEvents(request, await requests.history(id)),
    prompts: (now) => promptEvents(policy, request, now),
    plan: (now) => noticesFor(policy, request, now),
  };
}

async function findingTopic({ findings, policy }: NotifyPorts, id: string): Promise<Topic> {
  const finding = await findings.finding(id);
  if (!finding) throw new Error(`Finding ${id} has a notice record and is not stored.`);
  const acknowledgements = await findings.acknowledgements(id);
  return {
    events: async () => findingEvents(finding, acknowledgements),
    prompts: () => [],
    plan: (now) => findingNotices(policy, finding, acknowledgements, now),
  };
}
