import { hasNotices } from "../../domain/notices/readers.ts";
import { stopEvents } from "../../domain/notices/stop-events.ts";
import { stopNotices } from "../../domain/notices/stop-notices.ts";
import type { AccessPolicy } from "../../domain/policy/policy.ts";
import type { NotifyPorts } from "../../ports/function-ports.ts";
import type { Topic } from "./topic.ts";

/** A record of the chain of stops. @param seq its number */
export async function stopTopic(ports: NotifyPorts, seq: number): Promise<Topic> {
  const { stops, policy } = ports;
  const [record] = await stops.since(seq - 1);
  if (record?.seq !== seq)
    throw new Error(`Record ${seq} of the stops has a notice record and is not stored.`);
  return {
    events: async () => stopEvents(record),
    prompts: () => [],
    plan: (now) => stopNotices(policy, record, now),
    others: () => waitingOf(ports, record.details.person),
  };
}

/** The number of pending requests of a person that are looked at again: more than anybody may have. */
const MOST_WAITING = 100;

/** Pending requests of a stopped person: the messages about them say so, or do so no longer. */
async function waitingOf(
  { requests, policy }: NotifyPorts,
  person: string | null,
): Promise<readonly string[]> {
  if (person === null || !hasNotices(policy)) return [];
  const { items } = await requests.awaiting(
    approvingGroups(policy),
    { limit: MOST_WAITING },
    ({ requester }) => requester === person,
  );
  return items.map(({ id }) => id);
}

const approvingGroups = ({ rules }: AccessPolicy): readonly string[] => [
  ...new Set(
    rules.flatMap(({ approval, agents = [] }) =>
      [...approval, ...agents].flatMap(({ groups, escalate }) => [
        ...groups,
        ...(escalate?.groups ?? []),
      ]),
    ),
  ),
];
