import type { NoticeWake } from "../../ports/function-ports.ts";
import type { NotifyQueue } from "../../ports/notify-queue.ts";
import type { RequestStore } from "../../ports/request-store.ts";

/** A request store that remembers whose notices have something new to show. */
export interface NoticeWaker extends NoticeWake {
  readonly requests: RequestStore;
}

/**
 * Wraps a store. A wake that fails loses nothing. The stored step made the notices due, and the
 * sweep wakes notify for what is due.
 */
export function noticeWaker(requests: RequestStore, queue: NotifyQueue): NoticeWaker {
  const stored = new Set<string>();
  const remember = (...ids: readonly (string | undefined)[]) => {
    for (const id of ids) if (id !== undefined) stored.add(id);
  };
  return {
    requests: {
      ...requests,
      async create(steps, options) {
        await requests.create(steps, options);
        remember(steps[0]?.request.id);
      },
      async save(step, options) {
        await requests.save(step, options);
        remember(step.request.id);
      },
      async saveAll(steps) {
        await requests.saveAll(steps);
        remember(...steps.map(({ request }) => request.id));
      },
    },
    async wakeNotify() {
      const ids = [...stored];
      stored.clear();
      await Promise.allSettled(ids.map((id) => queue.wake(id)));
    },
  };
}
