import type { NoticeRecord } from "../../domain/notices/notice-record.ts";
import { secondsBetween } from "../../domain/values/instant.ts";
import type { NotifyPorts } from "../../ports/function-ports.ts";
import type { NotifyRun } from "./notify-run.ts";
import type { Topic } from "./topic.ts";

export interface Published {
  /** It includes the events that the bus took; it is not saved yet. */
  readonly record: NoticeRecord;
  readonly count: number;
  /** How many of them began break-glass access. */
  readonly breakGlass: number;
  /** Whether the bus has to be asked again. */
  readonly failed: boolean;
  /** The age of the oldest event that the bus has not taken, in seconds; 0 without one. */
  readonly oldestSeconds: number;
}

/** Publishes the events that the bus has not taken yet, oldest first. */
export async function publishEvents(
  { bus, clock }: NotifyPorts,
  record: NoticeRecord,
  topic: Topic,
  run: NotifyRun,
): Promise<Published> {
  if (record.published >= record.wanted) return { record, ...NOTHING };
  const events = (await topic.events()).filter(({ seq }) => seq > record.published);
  const count = await bus.publish(events).catch((error: unknown) => {
    run.log("events were not published", { error });
    return 0;
  });
  const left = events[count];
  const failed = left !== undefined;
  const oldestSeconds = failed ? Math.max(0, secondsBetween(left.at, clock.now())) : 0;
  const last = events[count - 1];
  const kept = last ? { ...record, published: last.seq } : record;
  const breakGlass = events.slice(0, count).filter((event) => event.beginsBreakGlass).length;
  return { record: kept, count, breakGlass, failed, oldestSeconds };
}

const NOTHING = { count: 0, breakGlass: 0, failed: false, oldestSeconds: 0 };
