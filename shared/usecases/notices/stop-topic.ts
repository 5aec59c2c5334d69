import { stopEvents } from "../../domain/notices/stop-events.ts";
import { stopNotices } from "../../domain/notices/stop-notices.ts";
import type { NotifyPorts } from "../../ports/function-ports.ts";
import type { Topic } from "./topic.ts";

/** A record of the chain of stops. @param seq its number */
export async function stopTopic({ stops, policy }: NotifyPorts, seq: number): Promise<Topic> {
  const [record] = await stops.since(seq - 1);
  if (record?.seq !== seq)
    throw new Error(`Record ${seq} of the stops has a notice record and is not stored.`);
  return {
    events: async () => stopEvents(record),
    prompts: () => [],
    plan: (now) => stopNotices(policy, record, now),
  };
}
