/** The message about several requests that were asked for at once. */
import { describe, expect, it } from "vitest";
import { countedId } from "../../../lab/fakes/counted-ids.ts";
import type { NoticeAction, NoticeFacts } from "../../../shared/domain/notices/notice.ts";
import { parseButtonValues } from "../../../shared/slack/actions.ts";
import { messageFor } from "../../../shared/slack/message.ts";
import { aNotice } from "./any-notice.ts";

const DECISIONS: readonly NoticeAction[] = ["approve", "approve-less", "deny", "details"];
const NEEDS = [{ groups: ["payments-leads"], count: 1, people: ["bob", "carol"] }];

const facts = (number: number, changed: Partial<NoticeFacts> = {}): NoticeFacts => ({
  ...aNotice("request", { stillNeeded: NEEDS }).facts,
  requestId: countedId(number),
  ...changed,
});
const part = (number: number, changed: Partial<NoticeFacts> = {}, actions = DECISIONS) => ({
  facts: facts(number, changed),
  actions,
});
const message = (first: Partial<NoticeFacts>, ...parts: readonly ReturnType<typeof part>[]) =>
  messageFor(aNotice("request", { stillNeeded: NEEDS, ...first }, { actions: DECISIONS, parts }));

/** The texts of the message from top to bottom, and the labels of each row of buttons. */
const shown = ({ blocks }: ReturnType<typeof messageFor>) =>
  blocks.flatMap((block) => {
    if (block.type === "section") return [block.text?.text ?? ""];
    if (block.type !== "actions") return [];
    const labels = block.elements.map((each) =>
      each.type === "button" ? each.text.text : each.type,
    );
    return [`[${labels.join("] [")}]`];
  });

const ADMIN = {
  access: { policy: "AmazonEKSClusterAdminPolicy", scope: { type: "cluster" } },
} as const;
const VIEW = { access: { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } } } as const;

describe("The message about several requests", () => {
  it("It has the most powerful first, one reason for all, and buttons for all that wait", () => {
    expect(shown(message({}, part(2, VIEW), part(3, ADMIN)))).toEqual([
      "*Waiting*",
      "alice asked for 3 things at once. Each is decided by its own rule, and ends by itself.",
      "Reason: INC-4711 stuck rollout",
      "1. alice asks to do anything in the whole cluster prod for 1h.",
      "Needs 1 of payments-leads (bob or carol).",
      "[Approve] [Deny] [Details]",
      "2. alice asks to edit in payments-api on prod for 1h.",
      "Needs 1 of payments-leads (bob or carol).",
      "[Approve] [Deny] [Details]",
      "3. alice asks to read in the whole cluster prod for 1h.",
      "Needs 1 of payments-leads (bob or carol).",
      "[Approve] [Deny] [Details]",
      "[Approve all 3] [Deny all 3]",
    ]);
  });

  it("Its buttons for all carry exactly the parts that wait and may be decided here", () => {
    const made = message(
      {},
      part(2, { state: "active", approvers: ["bob"] }, ["revoke", "details"]),
      part(3, { decidedHere: false }, ["details"]),
      part(4),
    );
    const row = made.blocks.at(-1);
    const [approve] = row?.type === "actions" ? row.elements : [];
    const value = approve?.type === "button" ? (approve.value ?? "") : "";
    expect(parseButtonValues(value)).toEqual([
      { id: countedId(1), digest: "d".repeat(64) },
      { id: countedId(4), digest: "d".repeat(64) },
    ]);
    expect(shown(made)).toEqual(
      expect.arrayContaining([
        "*Waiting: 3 of 4*",
        "[Revoke] [Details]",
        `Nobody decides on this rule in Slack. Decide with timelatch approve ${countedId(3)} or timelatch deny ${countedId(3)}`,
        "[Approve all 2] [Deny all 2]",
      ]),
    );
  });

  it("Where one part is left, it has all of its own buttons and there is none for all", () => {
    const made = shown(message({ state: "denied" }, part(2)));
    expect(made).toContain("[Approve] [Approve for less] [Deny] [Details]");
    expect(made.join()).not.toContain("all");
  });

  it("Different reasons stand at their parts", () => {
    const texts = shown(message({}, part(2, { reason: "CHG-9 other" })));
    expect(texts.filter((text) => text.startsWith("Reason:"))).toEqual([
      "Reason: INC-4711 stuck rollout",
      "Reason: CHG-9 other",
    ]);
  });

  it("An approver's own message says of an approval who gave it, and no later steps", () => {
    const approved = { state: "approved" as const, approvers: ["bob"] };
    const parts = [part(2, approved, [])];
    const made = messageFor(
      aNotice("decision-wanted", { stillNeeded: NEEDS }, { actions: DECISIONS, parts }),
    );
    expect(shown(made)).toContain("Approved by bob.");
  });

  it("Five parts of the longest texts fit into what Slack takes, and each block's id is its own", () => {
    const namespaces = Array.from({ length: 50 }, (_, at) => `${at}-${"n".repeat(60)}`);
    const long: Partial<NoticeFacts> = {
      reason: "\u{1F512}".repeat(500),
      access: { policy: "AmazonEKSEditPolicy", scope: { type: "namespace", namespaces } },
      stillNeeded: [{ groups: namespaces, count: 1, people: namespaces }],
    };
    const parts = [2, 3, 4, 5].map((number) =>
      part(number, { ...long, reason: `${number}&<>"`.repeat(100) }),
    );
    const { blocks, text } = message(long, ...parts);
    expect(JSON.stringify(blocks).length).toBeLessThan(13_000);
    expect(blocks.length).toBeLessThanOrEqual(50);
    expect(text.length).toBeLessThanOrEqual(4_000);
    const blockIds = blocks.flatMap((block) => block.block_id ?? []);
    expect(new Set(blockIds).size).toBe(blockIds.length);
  });
});
