import { withMarked } from "../../domain/notices/marked-messages.ts";
import { mediumOf, type Notice } from "../../domain/notices/notice.ts";
import {
  type Delivery,
  deliverableFrom,
  deliveriesFor,
  type NoticeRecord,
  withUnsettled,
} from "../../domain/notices/notice-record.ts";
import { latest, plusSeconds } from "../../domain/values/instant.ts";
import type { NotifyPorts } from "../../ports/function-ports.ts";
import type { NotifyRun } from "./notify-run.ts";
import { senderFor } from "./senders.ts";

/** The deliveries of one pass now, and when it may deliver the rest. */
export interface Announced {
  /** As stored: each message that is about to be updated counts as unsettled. */
  readonly record: NoticeRecord;
  /** The messages in order of precedence, as they were before. */
  readonly deliveries: readonly Delivery[];
  /** The instant from which the others may be delivered, ISO 8601 UTC. */
  readonly deferredTo: readonly string[];
}

/** Within ten seconds after it was given up, an update takes effect or never does. */
const LANDS_WITHIN_SECONDS = 10;
/** Each clock is within five seconds of true time: docs/assumptions.md. */
const CLOCK_DIFFERENCE_SECONDS = 10;

/** The instant until which an update that is given up at `instant` may take effect, by anybody's clock. */
export const settledAfter = (instant: string): string =>
  plusSeconds(instant, LANDS_WITHIN_SECONDS + CLOCK_DIFFERENCE_SECONDS);

/**
 * Records which messages this run is about to send or update, before it asks the service. A run may be
 * killed or overtaken while its call is on the way. The next run then updates the message again, or looks for it.
 * The same save stores the events that the bus took, so that a step costs no further write.
 *
 * @param stored the record as loaded
 * @param record the same with the events that the bus has taken since
 * @throws NoticeConflict where another worker saved first; no message was touched
 */
export async function announceUpdates(
  ports: NotifyPorts,
  { stored, record }: { readonly stored: NoticeRecord; readonly record: NoticeRecord },
  wanted: readonly Notice[],
  run: NotifyRun,
): Promise<Announced> {
  const { notices, clock } = ports;
  const now = clock.now();
  const all = deliveriesFor(record, wanted).filter(
    ({ notice }) => senderFor(ports, mediumOf(notice.audience)) !== undefined,
  );
  const waits = (delivery: Delivery) => (deliverableFrom(delivery) ?? now) > now;
  const deliveries = all
    .filter((delivery) => !waits(delivery))
    .map((delivery) => marked(ports, record, delivery));
  const until = settledAfter(plusSeconds(now, run.millisLeft() / 1_000));
  const announced = deliveries.reduce((before, { notice: { key }, message, mark }) => {
    if (mark !== undefined) return withMarked(before, key, { mark, at: now, until });
    const times = [until, ...(message?.unsettledUntil ? [message.unsettledUntil] : [])];
    return withUnsettled(before, key, latest(times));
  }, record);
  return {
    record: announced === stored ? stored : await notices.save(announced),
    deliveries,
    deferredTo: all.filter(waits).flatMap((delivery) => deliverableFrom(delivery) ?? []),
  };
}

/** With a mark, where its message is sent and can be found. */
function marked(ports: NotifyPorts, { sent }: NoticeRecord, delivery: Delivery): Delivery {
  const { audience, thread } = delivery.notice;
  const sender = senderFor(ports, mediumOf(audience));
  if (delivery.message || !sender || !("find" in sender)) return delivery;
  // It is sent only once the message is there that it answers.
  if (thread !== undefined && !sent[thread]) return delivery;
  return { ...delivery, mark: ports.ids.newToken() };
}
