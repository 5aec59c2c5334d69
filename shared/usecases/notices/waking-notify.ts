import type { NoticeWake } from "../../ports/function-ports.ts";

/** A handler that wakes notify last, also after a failure, so that no message delays an end. */
export const wakingNotify =
  <Arguments extends readonly unknown[], Answer>(
    ports: NoticeWake,
    handler: (...args: Arguments) => Promise<Answer>,
  ) =>
  async (...args: Arguments): Promise<Answer> => {
    try {
      return await handler(...args);
    } finally {
      await ports.wakeNotify();
    }
  };
