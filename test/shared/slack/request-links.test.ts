/** Links from messages of people to the message about the request in its channel. */
import { beforeEach, describe, expect, it } from "vitest";
import { memoryNoticeStore } from "../../../lab/fakes/memory-notice-store.ts";
import { memoryTables } from "../../../lab/fakes/memory-tables.ts";
import {
  type NoticeRecord,
  newNoticeRecord,
  withSent,
} from "../../../shared/domain/notices/notice-record.ts";
import { requestLinks } from "../../../shared/slack/request-links.ts";
import { SlackBusy, SlackRefusal } from "../../../shared/slack/slack-errors.ts";
import { aNotice } from "./any-notice.ts";

const PERSON = { kind: "person", person: "alice" } as const;
const TO_ALICE = aNotice("access", {}, { audience: PERSON });
const { subject } = TO_ALICE;
const LINK = "https://example.slack.com/archives/C0001/p1764064800000100";
const sent = (channel: string, timestamp: string) => ({
  channel,
  timestamp,
  at: "2026-11-25T12:00:00.000Z",
  hash: "h",
});
const IN_CHANNEL = withSent(
  newNoticeRecord(subject, 1),
  "request@C0001",
  sent("C0001", "1764064800.000100"),
);

let asked: object[] = [];
let answer: () => Promise<Readonly<Record<string, unknown>>>;
beforeEach(() => {
  asked = [];
  answer = async () => ({ ok: true, permalink: LINK });
});

function linksOver(record: NoticeRecord) {
  const tables = memoryTables();
  tables.notices.set(record.subject, { record, dueAt: null });
  const api = {
    call: async (method: string, args: object) => {
      asked.push({ method, ...args });
      return answer();
    },
  };
  return requestLinks(memoryNoticeStore(tables), api);
}

describe("The link to the message about a request", () => {
  it("A message to a person gets the link to the request's message in its channel, asked for once", async () => {
    const links = linksOver(IN_CHANNEL);
    await links.notices.load(subject);
    expect([await links.linkFor(TO_ALICE), await links.linkFor(TO_ALICE)]).toEqual([LINK, LINK]);
    expect(asked).toEqual([
      { method: "chat.getPermalink", channel: "C0001", message_ts: "1764064800.000100" },
    ]);
  });

  it("A message that this run has just sent to the channel is linked, without a read in between", async () => {
    const before = newNoticeRecord(subject, 1);
    const links = linksOver(before);
    await links.notices.load(subject);
    expect(await links.linkFor(TO_ALICE)).toBeUndefined();
    await links.notices.save({ ...before, sent: IN_CHANNEL.sent });
    expect(await links.linkFor(TO_ALICE)).toBe(LINK);
  });

  it("Of messages in two channels the newest is linked", async () => {
    const moved = withSent(IN_CHANNEL, "request@C0009", sent("C0009", "1764064900.000100"));
    const links = linksOver(withSent(moved, "access@alice", sent("D0001", "1764065000.000100")));
    await links.notices.load(subject);
    await links.linkFor(TO_ALICE);
    expect(asked).toMatchObject([{ channel: "C0009" }]);
  });

  it("A channel's message, an answer in a thread, and another request's message ask for no link", async () => {
    const links = linksOver(IN_CHANNEL);
    await links.notices.load(subject);
    const others = [
      aNotice("request"),
      aNotice("reminder", {}, { audience: PERSON, thread: "decision-wanted@alice" }),
      { ...TO_ALICE, subject: "0190f0d2-0000-7000-8000-00000000ffff" },
    ];
    for (const notice of others) expect(await links.linkFor(notice)).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it.each([
    ["message_not_found", () => new SlackRefusal("chat.getPermalink", "message_not_found")],
    ["no answer", () => new SlackBusy("chat.getPermalink", "it took too long", null)],
  ])("A message has no link where Slack answers %s, and asks again later", async (_why, fault) => {
    const links = linksOver(IN_CHANNEL);
    await links.notices.load(subject);
    answer = async () => {
      throw fault();
    };
    expect(await links.linkFor(TO_ALICE)).toBeUndefined();
    answer = async () => ({ ok: true, permalink: LINK });
    expect(await links.linkFor(TO_ALICE)).toBe(LINK);
  });

  it.each([undefined, 7, "", "javascript:alert(1)", `${LINK}|other> <!channel>`, `${LINK}>`])(
    "An answer with the address %j is no link",
    async (permalink) => {
      const links = linksOver(IN_CHANNEL);
      await links.notices.load(subject);
      answer = async () => ({ ok: true, permalink });
      expect(await links.linkFor(TO_ALICE)).toBeUndefined();
    },
  );

  it("A run's own requests are remembered while others go by", async () => {
    const links = linksOver(IN_CHANNEL);
    const of = (number: number) => ({ ...IN_CHANNEL, subject: `${subject}-${number}` });
    await links.notices.load(subject);
    const tables = memoryTables();
    const busy = requestLinks(memoryNoticeStore(tables), { call: async () => answer() });
    for (let number = 0; number < 1_000; number += 1) {
      tables.notices.set(of(number).subject, { record: of(number), dueAt: null });
      await busy.notices.load(of(number).subject);
    }
    expect(await busy.linkFor({ ...TO_ALICE, subject: of(990).subject })).toBe(LINK);
    expect(await busy.linkFor({ ...TO_ALICE, subject: of(0).subject })).toBeUndefined();
  });
});
