/** Mutants: how often a message is there, and whether that is on record. */
import type { Mutant } from "./mutant.ts";

const COPIES = "shared/usecases/notices/find-copies.ts";
const DELIVER = "shared/usecases/notices/deliver.ts";
const SAVE = "shared/usecases/notices/save-sent.ts";

const ATTEMPT = "const outcome = await attempt(messenger, delivery, above);";
export const MESSAGES: readonly Mutant[] = [
  {
    name: "records a message as sent before it sends it",
    edits: [
      {
        file: DELIVER,
        from: ATTEMPT,
        to: `const early = { channel: "C0001", timestamp: "0", at: ports.clock.now(), hash: delivery.hash };
    done = { ...done, record: await savedAsSent(ports.notices, done.record, delivery.notice.key, early) };
    ${ATTEMPT}`,
      },
    ],
    seed: 3,
    breaks: "notices-shown",
  },
  {
    name: "does not record a message before the next one",
    edits: [
      {
        file: SAVE,
        from: "return await notices.save(withSent(record, key, shown));",
        to: "return withSent(record, key, shown);",
      },
    ],
    seed: 2,
    breaks: "notices-shown",
  },
  {
    name: "leaves the copies that it finds",
    edits: [
      {
        file: COPIES,
        from: "const isCopy = kept.channel !== place.channel || kept.timestamp !== place.timestamp;",
        to: "const isCopy = false;",
      },
    ],
    seed: 3,
    breaks: "notices-once",
  },
  {
    name: "sends a message again that it has found",
    edits: [
      {
        file: COPIES,
        from: "return withFound(record, key, marked, place);",
        to: "return withoutMark(record, key, marked.mark);",
      },
    ],
    seed: 2,
    breaks: "notices-once",
  },
];
