import type { NoticeRecord } from "../../domain/notices/notice-record.ts";
import type { NotifyPorts } from "../../ports/function-ports.ts";
import type { NotifyRun } from "./notify-run.ts";
import type { Topic } from "./topic.ts";

interface PublishedPrompts {
  /** It includes the prompts that the bus took; it is not saved yet. */
  readonly record: NoticeRecord;
  /** Whether the bus has to be asked again. */
  readonly failed: boolean;
}

/** Publishes due prompts that the bus has not taken. */
export async function publishPrompts(
  { bus, clock }: NotifyPorts,
  record: NoticeRecord,
  topic: Topic,
  run: NotifyRun,
): Promise<PublishedPrompts> {
  const events = topic
    .prompts(clock.now())
    .filter(({ detail }) => !record.prompted.includes(detail.id));
  if (events.length === 0) return { record, failed: false };
  const count = await bus.publish(events).catch((error: unknown) => {
    run.log("prompts were not published", { error });
    return 0;
  });
  const ids = events.slice(0, count).map(({ detail }) => detail.id);
  const kept = ids.length === 0 ? record : { ...record, prompted: [...record.prompted, ...ids] };
  return { record: kept, failed: count < events.length };
}
