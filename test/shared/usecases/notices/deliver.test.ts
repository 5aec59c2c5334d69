/** One update without an answer, and until when the message counts as unsettled then. */
import { describe, expect, it } from "vitest";
import { T0 } from "../../../../lab/fakes/builders.ts";
import { newNoticeRecord } from "../../../../shared/domain/notices/notice-record.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { MessengerBusy } from "../../../../shared/ports/messenger.ts";
import { deliver } from "../../../../shared/usecases/notices/deliver.ts";

const at = (seconds: number) => plusSeconds(T0, seconds);
const KEY = "request@C0001";
const PLACE = { channel: "C0001", timestamp: "1.1", at: T0, hash: "before" };

/** Updates one message. @param unsettledUntil until when an earlier update may land, as the run found it */
async function updated(failure: Error | undefined, unsettledUntil?: string) {
  const message = { ...PLACE, ...(unsettledUntil === undefined ? {} : { unsettledUntil }) };
  const record = { ...newNoticeRecord("r", 1), sent: { [KEY]: message } };
  const ports = {
    clock: { now: () => T0 },
    notices: { save: async (saved: object) => saved },
    messenger: {
      update: async () => {
        if (failure) throw failure;
      },
    },
  };
  const notice = { key: KEY, precedence: "first", audience: { kind: "channel", channel: "C0001" } };
  const announced = {
    record,
    deliveries: [{ notice, hash: "after", message }],
    deferredTo: [],
  };
  const run = { millisLeft: () => 60_000, log: () => undefined };
  const done = await deliver(ports as never, announced as never, run as never);
  return { ...done, sent: done.record.sent[KEY] };
}

describe("An update of a message", () => {
  it("Without an answer it may land for a while, and an earlier one for as long as it could before", async () => {
    const lost = new MessengerBusy("no answer", null);
    expect((await updated(lost)).sent?.unsettledUntil).toBe(at(20));
    expect((await updated(lost, at(5))).sent?.unsettledUntil).toBe(at(20));
    expect((await updated(lost, at(60))).sent?.unsettledUntil).toBe(at(60));
  });

  it("Where Slack asks to wait, it has not landed, and only an earlier one may", async () => {
    const asked = new MessengerBusy("busy", 30);
    expect(await updated(asked)).toMatchObject({ failed: true, retryAt: at(30), sent: PLACE });
    expect((await updated(asked)).sent).not.toHaveProperty("unsettledUntil");
    expect((await updated(asked, at(60))).sent?.unsettledUntil).toBe(at(60));
  });

  it("With an answer it is there, and is made again where an earlier one may still land", async () => {
    const plain = await updated(undefined);
    expect(plain).toMatchObject({
      count: 1,
      failed: false,
      deferredTo: [],
      sent: { hash: "after" },
    });
    expect(plain.sent).not.toHaveProperty("unsettledUntil");
    const open = await updated(undefined, at(60));
    expect(open).toMatchObject({ count: 1, deferredTo: [at(60)] });
    expect(open.sent).toMatchObject({ hash: "after", unsettledUntil: at(60) });
  });
});
