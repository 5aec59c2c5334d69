import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { T0 } from "../../../lab/fakes/builders.ts";
import { countedId } from "../../../lab/fakes/counted-ids.ts";
import { messageContent } from "../../../lab/sandbox/slack/methods/message-content.ts";
import { FINDING_CODES } from "../../../shared/domain/evidence/findings/finding-record.ts";
import type { Notice, RequestNotice } from "../../../shared/domain/notices/notice.ts";
import { STATES } from "../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../shared/domain/values/instant.ts";
import { parseAccessPolicy } from "../../../shared/policy-file/parse-access-policy.ts";
import { messageFor } from "../../../shared/slack/message.ts";
import { slackGallery } from "../../../tools/slack-gallery.ts";
import { rawIn } from "../../hostile-characters.ts";
import { aNotice, anyNotice, KINDS, LESS } from "./any-notice.ts";

const SAMPLE = path.resolve(import.meta.dirname, "../../../access.yaml");

interface TextObject {
  readonly type: string;
  readonly text: string;
}

/** Every text object, wherever it is in the blocks. */
function textsIn(value: unknown): readonly TextObject[] {
  if (typeof value !== "object" || value === null) return [];
  if ("text" in value && typeof value.text === "string") return [value as TextObject];
  return Object.values(value).flatMap(textsIn);
}

const isStatus = (text: string) =>
  /^\*[A-Z][a-z]+(: \d of \d| for \d+ more approvals?)?\*$/.test(text);

/** The lines that a reader sees, from top to bottom, without the status and the buttons. */
const linesOf = (notice: Notice) =>
  messageFor(notice)
    .blocks.filter(({ type }) => type !== "actions")
    .flatMap(textsIn)
    .map(({ text }) => text)
    .filter((text) => !isStatus(text));

const buttonsOf = (notice: Notice) =>
  messageFor(notice).blocks.flatMap((block) => (block.type === "actions" ? block.elements : []));

const LEADS = { groups: ["payments-leads"], count: 1, people: ["bob"] };
const SRE = { groups: ["sre"], count: 1, people: ["carol"] };
const END = { revokeAt: plusSeconds(T0, 3_480), expiresAt: plusSeconds(T0, 3_600) };
const date = (at: string, utc: string) =>
  `<!date^${Date.parse(at) / 1_000}^{date_short_pretty} {time}|${utc}>`;
const LAPSES = `Lapses ${date(plusSeconds(T0, 86_400), "2026-11-25 10:00 UTC")}`;

describe("the message in the approvers' channel", () => {
  it("The channel's message says who asks for what, where, how long and why, and who must approve", () => {
    expect(linesOf(aNotice("request", { stillNeeded: [LEADS] }))).toEqual([
      "alice asks to edit in payments-api on prod for 1h.",
      "Reason: INC-4711 stuck rollout",
      "Needs bob of payments-leads.",
      LAPSES,
    ]);
  });

  it("The channel's message says who has approved and what is still missing", () => {
    const notice = aNotice("request", { stillNeeded: [SRE], approvers: ["bob"] });
    expect(linesOf(notice)).toContain("Approved by bob. Still needs carol of sre.");
  });

  it("The channel's message names the commands that decide where the rule forbids decisions in Slack", () => {
    const id = countedId(1);
    expect(linesOf(aNotice("request", { decidedHere: false }))).toContain(
      `Nobody decides on this rule in Slack. Decide with timelatch approve ${id} or timelatch deny ${id}`,
    );
  });

  it.each([
    ["approved", {}, ["Approved by bob. Access is being added."]],
    [
      "approved",
      { startsAt: plusSeconds(T0, 60) },
      ["Approved by bob.", `Starts ${date(plusSeconds(T0, 60), "2026-11-24 10:01 UTC")}`],
    ],
    ["active", END, ["Approved by bob.", `Until ${date(END.revokeAt, "2026-11-24 10:58 UTC")}`]],
    [
      "ending",
      END,
      ["Access is being removed.", `To be gone by ${date(END.expiresAt, "2026-11-24 11:00 UTC")}`],
    ],
    [
      "ended",
      { endedAt: T0, outcome: { code: "revoked", detail: "Revoked by bob: wrong cluster" } },
      [
        "Revoked by bob: wrong cluster. This grant has ended.",
        `Evidence: timelatch show ${countedId(1)}`,
        `Ended ${date(T0, "2026-11-24 10:00 UTC")}`,
      ],
    ],
    [
      "ended",
      {
        endedAt: plusSeconds(T0, 60),
        endProof: { hadBegun: true, readAt: T0, stayed: [], stayedBy: [] },
        outcome: { code: "expired", detail: "Its time was over." },
      },
      [
        "The access of this grant has ended.",
        `Evidence: timelatch show ${countedId(1)}`,
        `Read back as gone ${date(T0, "2026-11-24 10:00 UTC")}`,
      ],
    ],
    [
      "ended",
      {
        endedAt: plusSeconds(T0, 60),
        endProof: { hadBegun: true, readAt: T0, stayed: ["ns/team"], stayedBy: ["g2"] },
        outcome: { code: "expired", detail: "Its time was over." },
      },
      [
        "This grant has ended. Its access in team is also given by grant g2.",
        `Evidence: timelatch show ${countedId(1)}`,
        `Ended ${date(plusSeconds(T0, 60), "2026-11-24 10:01 UTC")}`,
      ],
    ],
    ["denied", { outcome: { code: "denied", detail: "not now" } }, ["Denied: not now."]],
    ["denied", { outcome: { code: "denied", detail: "Denied by bob." } }, ["Denied by bob."]],
    [
      "denied",
      { outcome: { code: "denied", detail: "Denied by bob: not now" } },
      ["Denied by bob: not now."],
    ],
    ["lapsed", { outcome: { code: "lapsed", detail: "Too late." } }, ["Too late."]],
    ["failed", { outcome: { code: "x", detail: "No cluster." } }, ["Failed: No cluster."]],
    [
      "cancelled",
      { outcome: { code: "cancelled", detail: "Cancelled by alice." } },
      ["Cancelled by alice. Nothing was granted."],
    ],
  ] as const)("The message of a request that is %s with %j says %j", (state, facts, lines) => {
    const notice = aNotice("request", { state, approvers: ["bob"], ...facts });
    expect(linesOf(notice).slice(2)).toEqual(lines);
  });
});

describe("a message of its own", () => {
  const to = (person: string): Partial<RequestNotice> => ({ audience: { kind: "person", person } });

  it("A direct message says why an approver is asked and who else can decide", () => {
    const needs = { ...LEADS, people: ["bob", "dora"] };
    const lines = linesOf(aNotice("decision-wanted", { stillNeeded: [needs, SRE] }, to("bob")));
    expect(lines).toContain("You can approve for payments-leads; dora can too.");
    const alone = linesOf(aNotice("decision-wanted", { stillNeeded: [LEADS] }, to("bob")));
    expect(alone).toContain("You can approve for payments-leads; nobody else can.");
  });

  it("A direct message says until when the requester's access lasts, and how to use it", () => {
    expect(linesOf(aNotice("access", { state: "active", ...END }, to("alice")))).toEqual([
      "You can edit in payments-api on prod.",
      "The policy approves it.",
      "timelatch kubeconfig prod",
      "kubectl --context timelatch-prod get pods",
      `Until ${date(END.revokeAt, "2026-11-24 10:58 UTC")}`,
    ]);
  });

  it("A direct message warns the requester before access ends", () => {
    const lines = linesOf(aNotice("ends-soon", { state: "active", ...END }, to("alice")));
    expect(lines).toContain("Your access ends soon. Save your work, or return it now.");
  });

  it("A message about break-glass has a clear header, and informs those whose approval was skipped", () => {
    const facts = {
      state: "active",
      breakGlass: true,
      requester: "carol",
      access: { policy: "AmazonEKSClusterAdminPolicy", scope: { type: "cluster" } },
    } as const;
    expect(linesOf(aNotice("break-glass", facts)).slice(0, 4)).toEqual([
      "BREAK-GLASS: carol on prod",
      "carol can do anything in the whole cluster prod.",
      "Reason: INC-4711 stuck rollout",
      "Nobody approved it.",
    ]);
    expect(linesOf(aNotice("break-glass", facts, to("bob")))).toContain(
      "You would have been asked to approve this.",
    );
  });

  it("The notification of a break-glass says that it is one, and why", () => {
    const facts = { state: "active", breakGlass: true, requester: "carol" } as const;
    const { text } = messageFor(aNotice("break-glass", facts));
    expect(text).toContain(
      "BREAK-GLASS: carol on prod. carol can edit in payments-api on prod. Reason: INC-4711 stuck rollout. Nobody approved it.",
    );
    expect(messageFor(aNotice("request", facts)).text).not.toContain("Reason");
  });

  it("A message about break-glass names whom it skipped, and who must review it or did", () => {
    const review = { by: ["platform", "sre"], dueAt: T0, closed: null };
    const closed = { person: "dave", at: T0, note: "Restarted the API server." };
    const facts = { state: "ended", breakGlass: true, requester: "carol" } as const;
    const open = linesOf(
      aNotice("break-glass", { ...facts, breakGlassReview: { skipped: ["bob"], review } }),
    );
    expect(open).toContain("Skipped: bob would have been asked to approve this.");
    expect(open).toContain(
      `platform or sre must review it: timelatch review ${countedId(1)} --close`,
    );
    const done = { skipped: [], review: { ...review, closed } };
    const after = linesOf(aNotice("break-glass", { ...facts, breakGlassReview: done }));
    expect(after).toContain("Reviewed by dave: Restarted the API server.");
    expect(after.join()).not.toContain("Skipped");
  });
});

describe("the lines of an approval for less", () => {
  const less = [
    LESS,
    { ...LESS, by: "carol", before: LESS.after, after: { ...LESS.after, durationSeconds: 900 } },
  ];
  const first =
    "bob approved less: edit in payments-api on prod for 30m, in place of edit in payments-api on prod for 1h.";

  it("The channel's message has each approval for less, with the terms before and after", () => {
    expect(linesOf(aNotice("request", { less }))).toContain(
      `${first} carol approved less: edit in payments-api on prod for 15m, in place of edit in payments-api on prod for 30m.`,
    );
    expect(linesOf(aNotice("access", { less, state: "active" })).join()).not.toContain("less");
  });

  it("The requester's own message says what follows", () => {
    expect(linesOf(aNotice("approved-less", { approvers: ["bob"], stillNeeded: [SRE] }))).toEqual([
      first,
      "Approved by bob. Still needs carol of sre.",
      `If it is too little, ask again for the rest. Both terms: timelatch show ${countedId(1)}`,
    ]);
  });
});

describe("the lines of messages about an extension", () => {
  const until = plusSeconds(T0, 7_200);
  const extension = { extends: countedId(2), until, durationSeconds: 3_600 };

  it("The channel's message says which grant it extends, how much longer, and until when", () => {
    expect(linesOf(aNotice("request", { ...extension, stillNeeded: [LEADS] }))).toEqual([
      "alice asks to edit in payments-api on prod for 1h longer.",
      "Reason: INC-4711 stuck rollout",
      "Needs bob of payments-leads.",
      `It continues access that is active: timelatch show ${countedId(2)}`,
      `Would last until ${date(until, "2026-11-24 12:00 UTC")}`,
      LAPSES,
    ]);
  });

  it("Once it is approved, access is being extended, and then it is there until its own end", () => {
    const approved = { ...extension, state: "approved", approvers: ["bob"] } as const;
    expect(linesOf(aNotice("request", approved)).at(-1)).toBe(
      "Approved by bob. Access is being extended.",
    );
    const active = { ...approved, state: "active", revokeAt: until, expiresAt: until } as const;
    expect(linesOf(aNotice("access", active))).toContain(
      `Until ${date(until, "2026-11-24 12:00 UTC")}`,
    );
  });

  it.each(["active", "ending", "ended"] as const)(
    "A message about a grant that was extended and is %s gives no end of access",
    (state) => {
      const outcome = state === "active" ? null : { code: "expired", detail: "Its time was over." };
      const facts = { ...END, state, outcome, extendedBy: countedId(3), approvers: ["bob"] };
      for (const kind of ["request", "access"] as const) {
        const said = linesOf(aNotice(kind, facts)).join("\n");
        expect(said).toContain(
          `It was extended. How the access stands now: timelatch show ${countedId(3)}`,
        );
        expect(said).not.toMatch(/Until|To be gone by|being removed|has ended/);
      }
    },
  );

  it.each(["active", "ending", "ended"] as const)(
    "Where the end of the extension is known, a message that is %s gives it in place of a command",
    (state) => {
      const outcome = state === "active" ? null : { code: "expired", detail: "Its time was over." };
      const facts = { ...END, state, outcome, extendedBy: countedId(3), extendedUntil: until };
      for (const kind of ["request", "access"] as const) {
        const said = linesOf(aNotice(kind, facts)).join("\n");
        expect(said).toContain(
          `An extension was approved until ${date(until, "2026-11-24 12:00 UTC")}`,
        );
        expect(said).not.toContain(countedId(3));
      }
    },
  );

  it("Where somebody ended all of it, each message says so", () => {
    const outcome = { code: "returned", detail: "Returned by alice." };
    const facts = { ...END, state: "ended", outcome, extendedBy: countedId(3) } as const;
    expect(linesOf(aNotice("request", facts))).toContain(
      "Returned by alice. This grant has ended.",
    );
  });
});

describe("the buttons of a message", () => {
  it("A message has its notice's buttons, with the request and the digest that was shown", () => {
    const notice = aNotice("request", {}, { actions: ["approve", "deny", "details"] });
    expect(buttonsOf(notice)).toMatchObject(
      ["approve", "deny", "details"].map((action_id) => ({
        action_id,
        value: JSON.stringify({ id: countedId(1), digest: "d".repeat(64) }),
      })),
    );
  });

  it("Only the buttons that remove access ask for confirmation", () => {
    const all = [
      "approve",
      "approve-less",
      "deny",
      "details",
      "revoke",
      "review",
      "cancel",
      "return",
      "extend",
      "ask-again",
    ] as const;
    const asking = buttonsOf(aNotice("request", {}, { actions: all })).flatMap((button) =>
      "confirm" in button ? [button.action_id] : [],
    );
    expect(asking).toEqual(["revoke", "cancel", "return"]);
  });
});

describe("any message", () => {
  it("A message of any kind and state has a text for notifications, in UTC", () => {
    for (const kind of KINDS)
      for (const state of STATES) {
        const { text } = messageFor(aNotice(kind, { state, endedAt: T0 }));
        expect(text).toContain("edit in payments-api on prod");
        expect(text).not.toContain("<");
      }
  });

  it("A message never exceeds Slack's limits, however long and strange its facts are", () => {
    fc.assert(
      fc.property(anyNotice, (notice) => {
        expect(() => messageContent({ ...messageFor(notice) })).not.toThrow();
      }),
      { numRuns: 300 },
    );
  });

  it("A message shows what people wrote as text, without mentions, links or hidden characters", () => {
    fc.assert(
      fc.property(anyNotice, (notice) => {
        const { text, blocks } = messageFor(notice);
        const texts = textsIn(blocks).filter((each) => !isStatus(each.text));
        const own = /^[A-Z][a-z ]+ <!date\^\d+\^\{date_short_pretty\} \{time\}\|[\d: UTC-]+>$/;
        for (const each of texts)
          if (each.type === "mrkdwn") expect(each.text).toMatch(own);
          else expect(each.text).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
        expect(text).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
        expect([text, ...texts.map((each) => each.text)].flatMap((each) => rawIn(each))).toEqual(
          [],
        );
      }),
      { numRuns: 200 },
    );
  });

  it("A message that does not show all names says how many more there are", () => {
    const namespaces = Array.from({ length: 100 }, (_, n) => `ns-${n}`);
    const access = {
      policy: "AmazonEKSViewPolicy",
      scope: { type: "namespace", namespaces },
    } as const;
    expect(linesOf(aNotice("request", { access }))[0]).toBe(
      "alice asks to read in ns-0, ns-1, ns-2, ns-3, ns-4 and 95 more on prod for 1h.",
    );
  });
});

describe("the gallery of messages", () => {
  const policy = parseAccessPolicy(readFileSync(SAMPLE, "utf8"));
  const gallery = slackGallery({
    ...policy,
    slack: { teams: ["T0001"], channel: "C0001", alarms: "C0002" },
  });

  it("The gallery has every kind of message, and Slack takes each", () => {
    const names = gallery.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const kind of KINDS)
      expect(names.filter((name) => name.includes(`-${kind}-`))).not.toEqual([]);
    for (const state of STATES)
      expect(names.filter((name) => name.startsWith(`${state}-`))).not.toEqual([]);
    for (const code of FINDING_CODES)
      expect(names.filter((name) => name.startsWith(`${code}-`))).toHaveLength(2);
  });
});
