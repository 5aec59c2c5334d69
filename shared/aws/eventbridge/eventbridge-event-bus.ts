import {
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from "@aws-sdk/client-eventbridge";
import type { BusEvent } from "../../domain/notices/bus-event.ts";
import type { EventBus } from "../../ports/event-bus.ts";

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const EVENTS_AT_ONCE = 10;

/**
 * All entries of one call are smaller than 256 KB together. The rest is for names and the time.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html
 */
const BYTES_AT_ONCE = 240 * 1_024;

const EVENT_SOURCE = "timelatch";

/** The stack's own event bus. docs/events.md describes what receivers get. */
export function eventBridgeEventBus(client: EventBridgeClient, busName: string): EventBus {
  const put = async (batch: readonly Entry[]): Promise<number> => {
    const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: [...batch] }));
    const refused = Entries.findIndex(({ ErrorCode }) => ErrorCode !== undefined);
    return refused === -1 ? batch.length : refused;
  };

  return {
    async publish(events) {
      let published = 0;
      for (const batch of batchesOf(events.map((event) => entryOf(busName, event)))) {
        const taken = await put(batch);
        published += taken;
        if (taken < batch.length) return published;
      }
      return published;
    },
  };
}

type Entry = PutEventsRequestEntry & { readonly Detail: string };

const entryOf = (busName: string, { type, at, detail }: BusEvent): Entry => ({
  EventBusName: busName,
  Source: EVENT_SOURCE,
  DetailType: type,
  Time: new Date(at),
  Detail: JSON.stringify(detail),
});

/** In order, as many a call as EventBridge takes by number and by size. */
function batchesOf(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  const batches: Entry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = Buffer.byteLength(entry.Detail);
    const last = batches.at(-1);
    if (last && last.length < EVENTS_AT_ONCE && bytes + size <= BYTES_AT_ONCE) {
      last.push(entry);
      bytes += size;
    } else {
      batches.push([entry]);
      bytes = size;
    }
  }
  return batches;
}
