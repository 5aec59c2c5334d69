/** E-mail as its readers see it: what it says, and that nothing in it is somebody else's markup or link. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Notice, RequestNotice } from "../../../shared/domain/notices/notice.ts";
import { mailFor } from "../../../shared/email/mail.ts";
import { aNotice, anyNotice, KINDS } from "../slack/any-notice.ts";

const mailbox = { kind: "mailbox", person: "bob" } as const;
const asMail = (notice: Notice): Notice => ({ ...notice, audience: mailbox });
const mailOf = (...[kind, facts]: Parameters<typeof aNotice>) =>
  mailFor(aNotice(kind, facts, { audience: mailbox }));

const ID = aNotice("request").facts.requestId;
const NEED = { groups: ["payments-leads"], count: 1, people: ["bob", "erin"] };

/** The tags of ours; what people wrote never makes one. */
const TAGS =
  /<(?:!doctype html|\/?(?:html|head|title|body|p|strong|code|blockquote|br)(?: (?:lang|style)="[^"<>]*")?|meta (?:charset|name)="[^"<>]*"(?: content="[^"<>]*")?)>/g;

describe("An e-mail", () => {
  it("An e-mail that asks says who, what, where, how long, why, until when, and how to decide", () => {
    const { subject, text } = mailOf("decision-wanted", { stillNeeded: [NEED] });
    expect(subject).toBe(`Access of alice to prod (${ID.slice(0, 8)})`);
    expect(text).toBe(`alice asks to edit in payments-api on prod for 1h.

Reason: INC-4711 stuck rollout

Needs 1 of payments-leads (bob or erin).

You can approve for payments-leads; erin can too.

Lapses 2026-11-25 10:00 UTC

  timelatch approve ${ID}
  timelatch deny ${ID}
  timelatch show ${ID}
  timelatch console --open requests/${ID}

This e-mail only tells: it has no link and no button, nobody decides by it, and nobody reads replies.
`);
  });

  it("HTML says the same as the text", () => {
    fc.assert(
      fc.property(anyNotice.map(asMail), (notice) => {
        const { text, html } = mailFor(notice);
        const [, body = ""] = html.split(/<body[^>]*>/);
        const plain = body
          .replace(/<[^>]*>/g, "")
          .replace(/&lt;/g, "<")
          .replace(/&gt;/g, ">")
          .replace(/&quot;/g, '"')
          .replace(/&#39;/g, "'")
          .replace(/&amp;/g, "&");
        const words = (all: string) => all.split(/\s+/).filter((word) => word !== "");
        expect(words(plain)).toEqual(words(text));
      }),
      { numRuns: 100 },
    );
  });

  it("Nothing that people wrote is markup, a header, or hidden", () => {
    fc.assert(
      fc.property(anyNotice.map(asMail), (notice) => {
        const { subject, text, html } = mailFor(notice);
        expect(subject).toMatch(/^[\x20-\x7e]{1,150}$/);
        expect(html.replace(TAGS, "")).not.toMatch(/[<>]/);
        expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
        expect(html.length).toBeLessThan(100_000);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ["see evil.example now", "see evil[.]example now"],
    ["https://10.0.0.1/approve", "https[:]//10.0.0.1/approve"],
    ["mail mallory@evil.example", "mail mallory@evil[.]example"],
    ["пример.рф and 例え.テスト", "пример[.]рф and 例え[.]テスト"],
    ["例え。jp", "例え[.]jp"],
    ["INC-4711: 1.5 of 3. Then", "INC-4711: 1.5 of 3. Then"],
  ])("A mail program makes no link of the reason %j", (reason, shown) => {
    for (const kind of ["decision-wanted", "break-glass", "review-wanted"] as const) {
      const { subject, text, html } = mailOf(kind, { reason });
      expect(text).toContain(shown);
      if (shown !== reason) expect(`${subject}${text}${html}`).not.toContain(reason);
    }
  });

  it("Notes of approvers and reviewers, and a program's own name, make no link either", () => {
    const less = {
      ...{ by: "bob", note: "evil.example" },
      ...{
        before: { access: aNotice("request").facts.access, durationSeconds: 60, digest: "d" },
        after: { access: aNotice("request").facts.access, durationSeconds: 30, digest: "d" },
      },
    };
    const closed = { person: "bob", at: "2026-11-24T10:00:00.000Z", note: "evil.example" };
    const review = { by: ["sre"], dueAt: closed.at, closed };
    const outcome = { code: "denied", detail: "Denied by bob: evil.example" };
    const via = { surface: "mcp", client: "evil.example" } as unknown as NonNullable<
      RequestNotice["facts"]["via"]
    >;
    for (const kind of KINDS) {
      const facts = { less: [less], breakGlassReview: { skipped: [], review }, outcome, via };
      const { text, html } = mailOf(kind, { ...facts, state: "denied" });
      expect(`${text}${html}`).not.toContain("evil.example");
    }
  });

  it("A reason is in no subject and in no title", () => {
    for (const kind of KINDS) {
      const { subject, html } = mailOf(kind, { reason: "the secret of the weeks" });
      expect(subject).not.toContain("secret");
      expect(/<title>(.*)<\/title>/.exec(html)?.[1]).not.toContain("secret");
    }
  });

  it("All of one reader's e-mails about a request have one subject, apart from alarms", () => {
    const subjects = (kinds: readonly RequestNotice["kind"][]) => [
      ...new Set(kinds.map((kind) => mailOf(kind).subject)),
    ];
    expect(subjects(["decision-wanted", "reminder"])).toHaveLength(1);
    expect(subjects(["access", "ends-soon", "over", "approved-less", "waiting"])).toEqual([
      `Your access to prod (${ID.slice(0, 8)})`,
    ]);
    expect(subjects(["break-glass", "review-wanted", "review-overdue"])).toEqual([
      `BREAK-GLASS: alice on prod (${ID.slice(0, 8)})`,
    ]);
  });

  it("What is settled asks nobody, and says so first", () => {
    const { text } = mailOf("decision-wanted", { state: "approved", approvers: ["erin"] });
    expect(text).toMatch(/You need not decide on this any more\.\n\nApproved by erin\./);
    expect(text).not.toContain("timelatch approve");
  });

  it("A requester is told the command that gives back, or breaks the glass", () => {
    expect(mailOf("ends-soon", { state: "active" }).text).toContain(`timelatch return ${ID}`);
    expect(mailOf("waiting").text).toContain(`timelatch escalate ${ID}`);
    expect(mailOf("access", { state: "active", machine: true }).text).not.toContain("return");
    expect(mailOf("over", { state: "ended" }).text).not.toContain("timelatch return");
  });

  it("A break-glass says so over everything else", () => {
    expect(mailOf("break-glass", { state: "active", breakGlass: true }).text).toMatch(
      /^BREAK-GLASS: alice on prod\n\nalice can edit/,
    );
  });

  it("No e-mail has a link, an image, a form or a script", () => {
    fc.assert(
      fc.property(anyNotice.map(asMail), (notice) => {
        expect(mailFor(notice).html).not.toMatch(/<(?:a|img|form|script|link|iframe|svg)\b|url\(/i);
      }),
      { numRuns: 100 },
    );
  });
});
