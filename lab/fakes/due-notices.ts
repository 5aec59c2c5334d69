import type { NoticeStore } from "../../shared/ports/notice-store.ts";

/** Only the subjects whose notices are due. */
export const dueIn = async (notices: Pick<NoticeStore, "due">, now: string, limit: number) =>
  (await notices.due(now, limit)).map(({ subject }) => subject);
