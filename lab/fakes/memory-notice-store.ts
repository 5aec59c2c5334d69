import { NoticeConflict, type NoticeStore } from "../../shared/ports/notice-store.ts";
import { type MemoryTables, memoryTables } from "./memory-tables.ts";

/** Stores sent notices in memory. Each call takes effect at once and as a whole. */
export function memoryNoticeStore({ notices }: MemoryTables = memoryTables()): NoticeStore {
  const store: NoticeStore = {
    load: async (id) => notices.get(id)?.record,

    async save(record) {
      const stored = notices.get(record.subject);
      if (stored?.record.revision !== record.revision)
        throw new NoticeConflict("Another worker saved first.");
      const { wanted, looks, revision } = stored.record;
      const next = { ...record, wanted, looks, revision: revision + 1 };
      notices.set(record.subject, { ...stored, record: next });
      // The wanted content stays as this worker read it.
      return { ...next, wanted: record.wanted, looks: record.looks };
    },

    async begin(record) {
      const { wanted, looks } = notices.get(record.subject)?.record ?? {};
      if (wanted !== record.wanted || looks !== record.looks)
        throw new NoticeConflict("There is something new to show.");
      return store.save(record);
    },

    async park({ subject, wanted, looks, revision }, dueAt) {
      const stored = notices.get(subject);
      if (stored?.record.wanted !== wanted || stored.record.revision !== revision) return false;
      if (stored.record.looks !== looks) return false;
      notices.set(subject, { ...stored, dueAt });
      return true;
    },

    async lookAgain(subject, now) {
      const stored = notices.get(subject);
      if (!stored) return;
      const record = { ...stored.record, looks: stored.record.looks + 1 };
      notices.set(subject, { record, dueAt: now });
    },

    due: async (now, limit) =>
      [...notices]
        .flatMap(([subject, { dueAt, record }]) =>
          dueAt !== null && dueAt <= now
            ? [{ subject, dueAt, turn: `${dueAt}/${record.wanted}` }]
            : [],
        )
        .toSorted((a, b) => (a.dueAt < b.dueAt ? -1 : 1))
        .slice(0, limit),
  };
  return store;
}
