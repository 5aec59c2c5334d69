import { askedInMessages } from "../../domain/notices/delegate-notices.ts";
import { delegatorsAsked } from "../../domain/notices/delegates-asked.ts";
import { noticesFor } from "../../domain/notices/notices-for.ts";
import { promptEvents } from "../../domain/notices/prompt-events.ts";
import { requestEvents } from "../../domain/notices/request-events.ts";
import type { NotifyPorts } from "../../ports/function-ports.ts";
import type { Topic } from "./topic.ts";

/** A request, and who decides on it for somebody else. @throws BrokerError `request-not-found` */
export async function requestTopic(ports: NotifyPorts, id: string): Promise<Topic> {
  const { requests, delegations, policy, clock } = ports;
  const request = await requests.load(id);
  const now = clock.now();
  const given = await Promise.all(
    delegatorsAsked(policy, request, now).map((person) => delegations.givenBy(person, now)),
  );
  return {
    events: async () => requestEvents(request, await requests.history(id)),
    prompts: (at) => promptEvents(policy, request, at),
    plan: (at, sent) =>
      noticesFor(policy, request, at, {
        delegations: given.flat(),
        writtenTo: askedInMessages(Object.keys(sent)),
      }),
  };
}
