/** A request whose notice somebody who took notify over spoiled: it can change nothing else. */
import { expect, it } from "vitest";
import { memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import { newNoticeRecord } from "../../../../shared/domain/notices/notice-record.ts";
import { readMissingNotices } from "../../../../shared/usecases/requests/read-requests.ts";

it.each([
  ["null", null],
  ["a message without a reason", { "x#y": null }],
])(
  "The request is still read where its undeliverable messages are %s",
  async (_, undeliverable) => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const record = { ...newNoticeRecord(grant.id, 1), undeliverable };
    const notices = { load: async () => record };
    const ports = { ...broker.front, notices };
    expect(await readMissingNotices(ports as never, broker.actor("alice"), grant.id)).toEqual([]);
  },
);
