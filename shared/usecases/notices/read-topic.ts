import { findingEvents } from "../../domain/notices/finding-events.ts";
import { findingNotices } from "../../domain/notices/finding-notices.ts";
import { parseSubject } from "../../domain/notices/subject.ts";
import type { NotifyPorts } from "../../ports/function-ports.ts";
import { delegationTopic } from "./delegation-topic.ts";
import { requestTopic } from "./request-topic.ts";
import { stopTopic } from "./stop-topic.ts";
import type { Topic } from "./topic.ts";

/**
 * Reads a subject as it is now. A subject is stored with its notice record, so that a record without one is a
 * defect.
 *
 * @throws BrokerError `request-not-found`
 */
export async function topicOf(ports: NotifyPorts, subject: string): Promise<Topic> {
  const parsed = parseSubject(subject);
  if (!parsed) throw new Error(`${subject} is no subject of notices.`);
  switch (parsed.kind) {
    case "request":
      return await requestTopic(ports, parsed.requestId);
    case "finding":
      return await findingTopic(ports, parsed.findingId);
    case "delegation":
      return await delegationTopic(ports, parsed.delegationId);
    case "stop":
      return await stopTopic(ports, parsed.seq);
  }
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
