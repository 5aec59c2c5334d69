import { type EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import type { AuditEvent } from "../../domain/requests/audit-event.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import type { EventBus } from "../../ports/event-bus.ts";

/**
 * How many events one call takes. Each is a few kilobytes, and all of them may be 1 MB at most.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html
 */
const EVENTS_AT_ONCE = 10;

const EVENT_SOURCE = "timelatch";

/** The stack's own event bus. docs/events.md describes what receivers get. */
export function eventBridgeEventBus(client: EventBridgeClient, busName: string): EventBus {
  const put = async (request: AccessRequest, events: readonly AuditEvent[]): Promise<number> => {
    const { Entries = [] } = await client.send(
      new PutEventsCommand({
        Entries: events.map((event) => ({
          EventBusName: busName,
          Source: EVENT_SOURCE,
          DetailType: event.type,
          Time: new Date(event.at),
          Detail: JSON.stringify(detailOf(request, event)),
        })),
      }),
    );
    const refused = Entries.findIndex(({ ErrorCode }) => ErrorCode !== undefined);
    return refused === -1 ? events.length : refused;
  };

  return {
    async publish(request, events) {
      for (let at = 0; at < events.length; at += EVENTS_AT_ONCE) {
        const some = events.slice(at, at + EVENTS_AT_ONCE);
        const taken = await put(request, some);
        if (taken < some.length) return at + taken;
      }
      return events.length;
    },
  };
}

/** What a receiver gets: no proof of who decided, which is for auditors alone. */
function detailOf(request: AccessRequest, event: AuditEvent) {
  const { seq, type, from, to, actor, at } = event;
  const { proof: _proof, ...details } = event.details as Readonly<Record<string, unknown>>;
  const { requester, cluster, principalArn, access, durationSeconds, reason, rule } = request;
  const { breakGlass, state, startsAt, expiresAt, outcome } = request;
  return {
    id: `${request.id}#${seq}`,
    requestId: request.id,
    event: { seq, type, from, to, actor, at, details },
    request: {
      requester,
      cluster,
      principalArn,
      access,
      durationSeconds,
      reason,
      rule,
      breakGlass,
      state,
      startsAt,
      expiresAt,
      outcome,
    },
  };
}
