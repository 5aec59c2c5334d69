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
const lost: unknown[] = [];
let isKnown = true;
/** By subject, what its run waits for. */
const waiting = new Map<string, Promise<void>>();
const said = standIns({
  "usecases/notices/mail-lost": {
    mailLost: async (_ports: unknown, mail: unknown) => {
      lost.push(mail);
      return isKnown;
    },
  },
  "aws/composition-root": { notifyPorts: () => PORTS },
  "usecases/notices/notify": {
    notify: async (ports: unknown, subject: string, run: NotifyRun) => {
      taken.push({ ports, subject, run });
      run.log("message not delivered", { code: "channel_not_found" });
      await waiting.get(subject);
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
  isKnown = true;
  waiting.clear();
  for (const list of [taken, lost, said.lines, said.reported]) list.length = 0;
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

  it("A subject that waits keeps no other of its batch waiting", async () => {
    let answer = () => {};
    waiting.set(REQUEST, new Promise((resolve) => (answer = resolve)));
    const batch = take(REQUEST, STOP);
    await expect.poll(() => said.lines.map(({ message }) => message)).toContain("notified");
    expect(taken.map(({ subject }) => subject)).toEqual([REQUEST, STOP]);
    answer();
    expect(await batch).toEqual({ batchItemFailures: [] });
  });

  it("A subject that is twice in a batch is taken once", async () => {
    await take(REQUEST, REQUEST, STOP);
    expect(taken.map(({ subject }) => subject)).toEqual([REQUEST, STOP]);
  });

  it("Messages that failed are named, so that only they come again", async () => {
    waiting.set(REQUEST, Promise.reject(new Error("The table does not answer.")));
    expect(await take(STOP, REQUEST, REQUEST)).toEqual({
      batchItemFailures: [
        { itemIdentifier: `id of ${REQUEST}` },
        { itemIdentifier: `id of ${REQUEST}` },
      ],
    });
    expect(said.lines).toContainEqual(
      expect.objectContaining({
        level: "error",
        facts: { subject: REQUEST, error: expect.any(Error) },
      }),
    );
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

describe("An event of SES", () => {
  const event = (type: string, detail: object = {}) => ({
    source: "aws.ses",
    "detail-type": type,
    detail: { mail: { messageId: "0102-1", tags: { subject: [REQUEST] } }, ...detail },
  });
  const hear = (of: object) =>
    handler(
      of as never,
      contextWith(() => 12_345),
    );

  it.each([
    ["Email Bounced", { bounce: { bounceType: "Permanent" } }, "email-bounced"],
    ["Email Complaint Received", {}, "email-complained"],
    ["Email Rejected", {}, "email-rejected"],
  ])("%s is recorded and counted", async (type, detail, reason) => {
    await hear(event(type, detail));
    expect(lost).toEqual([{ subject: REQUEST, messageId: "0102-1", reason }]);
    expect(said.reported).toEqual([{ UndeliverableNotices: 1 }]);
  });

  it("A message that no record has is not counted", async () => {
    isKnown = false;
    await hear(event("Email Rejected"));
    expect(said.reported).toEqual([]);
  });

  it.each([
    ["a bounce that passes", event("Email Bounced", { bounce: { bounceType: "Transient" } })],
    [
      "a bounce of which SES cannot say why",
      event("Email Bounced", { bounce: { bounceType: "Undetermined" } }),
    ],
    ["a delivery", event("Email Delivered")],
    ["another source", { ...event("Email Rejected"), source: "mallory" }],
    [
      "no subject of ours",
      event("Email Rejected", { mail: { messageId: "1", tags: { subject: ["../x"] } } }),
    ],
    ["no tags", event("Email Rejected", { mail: { messageId: "1" } })],
  ])("Nothing is made of %s", async (_what, of) => {
    await hear(of);
    expect([lost, taken]).toEqual([[], []]);
  });
});
