/** One invocation of notify. Tests of the use case cover its work for one subject. */
import { beforeEach, describe, expect, it } from "vitest";
import type { NotifyReport } from "../../shared/usecases/notices/notify.ts";
import type { NotifyRun } from "../../shared/usecases/notices/notify-run.ts";
import { contextWith, standIns } from "./loaded-function.ts";

const REQUEST = "0190f0d2-0000-7000-8000-000000000001";
const STOP = "stop-3";
const PORTS = { name: "the ports" };
const NOTHING: NotifyReport = {
  published: 0,
  delivered: 0,
  refused: 0,
  unpublishedSeconds: 0,
  retried: false,
};

let report = NOTHING;
const taken: { readonly ports: unknown; readonly subject: string; readonly run: NotifyRun }[] = [];
const said = standIns({
  "aws/composition-root": { notifyPorts: () => PORTS },
  "usecases/notices/notify": {
    notify: async (ports: unknown, subject: string, run: NotifyRun) => {
      taken.push({ ports, subject, run });
      run.log("message not delivered", { code: "channel_not_found" });
      return report;
    },
  },
});
const { handler } = await import("../../functions/notify.ts");

const take = (...subjects: readonly (string | undefined)[]) =>
  handler(
    {
      Records: subjects.map((MessageGroupId) => ({
        messageId: `id of ${MessageGroupId}`,
        attributes: { ...(MessageGroupId === undefined ? {} : { MessageGroupId }) },
      })),
    } as never,
    contextWith(() => 12_345),
  );

beforeEach(() => {
  report = NOTHING;
  for (const list of [taken, said.lines, said.reported]) list.length = 0;
});

describe("An invocation of notify", () => {
  it("It takes the subject of every message of a batch, within the time of the invocation", async () => {
    await take(REQUEST, STOP);
    expect(taken.map(({ ports, subject }) => [ports, subject])).toEqual([
      [PORTS, REQUEST],
      [PORTS, STOP],
    ]);
    expect(taken.map(({ run }) => run.millisLeft())).toEqual([12_345, 12_345]);
  });

  it("It logs what it did, and each trouble as a warning, with the subject", async () => {
    report = { ...NOTHING, delivered: 2 };
    await take(STOP);
    expect(said.lines).toEqual([
      {
        level: "warn",
        message: "message not delivered",
        facts: { subject: STOP, code: "channel_not_found" },
      },
      { level: "info", message: "notified", facts: { subject: STOP, ...report } },
    ]);
  });

  it.each([undefined, "", "prod", "stop-0"])(
    "A message about nothing that it knows fails, so that it reaches the dead-letter queue: %s",
    async (subject) => {
      await expect(take(subject)).rejects.toThrow(
        `Message id of ${subject} is about nothing that notify could know.`,
      );
      expect(taken).toEqual([]);
    },
  );

  it.each([
    { refused: 0, unpublishedSeconds: 0, undeliverable: 0 },
    { refused: 0, unpublishedSeconds: 299, undeliverable: 0 },
    { refused: 0, unpublishedSeconds: 300, undeliverable: 1 },
    { refused: 2, unpublishedSeconds: 0, undeliverable: 2 },
    { refused: 2, unpublishedSeconds: 301, undeliverable: 3 },
  ])(
    "$refused refused messages, and an event $unpublishedSeconds s old, count $undeliverable",
    async ({ undeliverable, ...found }) => {
      report = { ...NOTHING, ...found };
      await take(REQUEST);
      expect(said.reported).toEqual([{ UndeliverableNotices: undeliverable }]);
    },
  );
});
