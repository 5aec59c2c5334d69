import type { NoticeRecord } from "../../domain/notices/notice-record.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import type { NotifyPorts } from "../../ports/function-ports.ts";
import type { NotifyRun } from "./notify-run.ts";

export interface Published {
  readonly record: NoticeRecord;
  readonly count: number;
  /** Whether the bus has to be asked again. */
  readonly failed: boolean;
}

/** Publishes the audit events that the bus has not had yet, oldest first. */
export async function publishEvents(
  { requests, notices, bus }: NotifyPorts,
  record: NoticeRecord,
  request: AccessRequest,
  run: NotifyRun,
): Promise<Published> {
  if (record.published >= record.wanted) return { record, count: 0, failed: false };
  const events = (await requests.history(record.requestId)).filter(
    ({ seq }) => seq > record.published,
  );
  const count = await bus.publish(request, events).catch((error: unknown) => {
    run.log("events were not published", { error });
    return 0;
  });
  const failed = count < events.length;
  const last = events[count - 1];
  if (!last) return { record, count, failed };
  return { record: await notices.save({ ...record, published: last.seq }), count, failed };
}
