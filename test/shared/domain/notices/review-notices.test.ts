/** Reviews of a break-glass: who is asked, who is reminded and when, and when that stops. */
import { describe, expect, it } from "vitest";
import { aPolicy, aRequest, T0 } from "../../../../lab/fakes/builders.ts";
import type { RequestNotice } from "../../../../shared/domain/notices/notice.ts";
import { noticesFor } from "../../../../shared/domain/notices/notices-for.ts";
import { promptEvents } from "../../../../shared/domain/notices/prompt-events.ts";
import type { AccessPolicy } from "../../../../shared/domain/policy/policy.ts";
import type { AccessRequest, State } from "../../../../shared/domain/requests/request.ts";
import { plusSeconds, secondsBetween } from "../../../../shared/domain/values/instant.ts";

const HOUR = 3_600;
const SLACK = { teams: ["T0001"], channel: "C0001", alarms: "C0002" };
const policyOf = (policy = aPolicy()): AccessPolicy => ({ ...policy, slack: SLACK });

/** Carol's break-glass of T0, whose review is due after two days. She is of platform herself. */
const glass = (state: State, changes: Partial<AccessRequest> = {}): AccessRequest => ({
  ...aRequest({ requester: "carol", rule: "break-glass", breakGlass: true, principalArn: "x" }),
  state,
  approvedAt: T0,
  effectiveAt: T0,
  revokeAt: plusSeconds(T0, 1_680),
  expiresAt: plusSeconds(T0, 1_800),
  review: {
    by: ["payments-leads", "platform"],
    dueAt: plusSeconds(T0, 48 * HOUR),
    closed: null,
  },
  ...changes,
});
const closed = (request: AccessRequest): AccessRequest =>
  request.review
    ? { ...request, review: { ...request.review, closed: { person: "bob", at: T0, note: "ok" } } }
    : request;

const noticesAt = (request: AccessRequest, hours: number, policy = policyOf()) =>
  noticesFor(policy, request, plusSeconds(T0, hours * HOUR)).notices;
const aboutReview = ({ kind }: RequestNotice) => kind.startsWith("review-");
const keysAt = (...args: Parameters<typeof noticesAt>) =>
  noticesAt(...args)
    .filter((notice) => aboutReview(notice) && notice.send)
    .map(({ key }) => key);
const noticeAt = (key: string, ...args: Parameters<typeof noticesAt>) =>
  noticesAt(...args).find((notice) => notice.key === key);
const eventsAt = (request: AccessRequest, hours: number, policy = policyOf()) =>
  promptEvents(policy, request, plusSeconds(T0, hours * HOUR));

const CLOSABLE = ["ended", "failed"] as const;
const TOO_EARLY = ["approved", "active", "ending"] as const;

describe("Those who review a break-glass", () => {
  it.each(CLOSABLE)("Each reviewer has a message with a button once access is %s", (state) => {
    expect(noticeAt("review-wanted@bob", glass(state), 1)).toMatchObject({
      send: true,
      actions: ["review", "details"],
      facts: { breakGlassReview: { review: { closed: null } } },
    });
  });

  it("Nobody is asked before access is over, nor of an ordinary request", () => {
    for (const state of TOO_EARLY) {
      const notices = noticesAt(glass(state), 0.1).filter(({ kind }) => kind.startsWith("review-"));
      expect(notices.flatMap(({ send, actions }) => [send, ...actions])).toEqual([false]);
    }
    expect(keysAt({ ...glass("ended"), breakGlass: false }, 30)).toEqual([]);
  });

  it("The requester, and whoever holds the principal, review nothing", () => {
    const all = noticesAt(glass("ended"), 60).filter(aboutReview);
    expect(all.map(({ audience }) => audience)).not.toContainEqual({
      kind: "person",
      person: "carol",
    });
    const own = glass("ended", { principalArn: "arn:aws:iam::111122223333:role/people/bob" });
    expect(keysAt(own, 1)).toEqual([]);
    for (const { mentions = [] } of noticesAt(own, 60)) expect(mentions).toEqual([]);
  });

  it("A closed review takes the button away, and is not announced to anybody later", () => {
    const wanted = noticeAt("review-wanted@bob", closed(glass("ended")), 1);
    expect(wanted).toMatchObject({ send: false, actions: [], precedence: "last" });
  });

  it("The alarm channel's message has the button in each state in which a review can be closed", () => {
    const offers = (request: AccessRequest, key = "break-glass@C0002") =>
      noticeAt(key, request, 1)?.actions.includes("review");
    for (const state of CLOSABLE) {
      expect(offers(glass(state))).toBe(true);
      expect(offers(closed(glass(state)))).toBe(false);
    }
    for (const state of TOO_EARLY) expect(offers(glass(state))).toBe(false);
  });

  it("A skipped approver who cannot review has no such button", () => {
    const policy = policyOf();
    const ordinary = policy.rules.map((rule) =>
      rule.name === "payments-edit"
        ? { ...rule, access: { policies: ["AmazonEKSEditPolicy"], scope: "cluster" as const } }
        : rule,
    );
    const access = { policy: "AmazonEKSEditPolicy", scope: { type: "cluster" } } as const;
    const offered = (by: readonly string[]) => {
      const request = glass("ended", { access });
      const review = request.review && { ...request.review, by };
      const changed = review ? { ...request, review } : request;
      return noticeAt("break-glass@bob", changed, 1, { ...policy, rules: ordinary })?.actions;
    };
    expect(offered(["payments-leads"])).toEqual(["review", "details"]);
    expect(offered(["platform"])).toEqual(["details"]);
  });
});

describe("Reminders of a review", () => {
  it("The reminder comes halfway, and the overdue ones at once, after one day, three and seven", () => {
    const request = glass("ended");
    const times: number[] = [];
    for (let at = plusSeconds(T0, HOUR); times.length < 5; ) {
      const next = noticesFor(policyOf(), request, at).changesAt;
      if (next === null) break;
      times.push(secondsBetween(T0, next) / HOUR);
      at = next;
    }
    expect(times).toEqual([24, 48, 72, 120, 216]);
    const keys = [23.9, 24, 47.9, 48, 71.9, 72, 120].map((hours) =>
      keysAt(request, hours).filter((key) => key.endsWith("@C0002")),
    );
    expect(keys).toEqual([
      [],
      ["review-reminder-1@C0002"],
      ["review-reminder-1@C0002"],
      ["review-overdue-1@C0002"],
      ["review-overdue-1@C0002"],
      ["review-overdue-2@C0002"],
      ["review-overdue-3@C0002"],
    ]);
  });

  it("Nobody is reminded of a review that nobody can close yet", () => {
    for (const state of TOO_EARLY) expect(keysAt(glass(state), 100)).toEqual([]);
    expect(keysAt(glass("ended"), 100)).toContain("review-overdue-2@C0002");
  });

  it("They go on for as long as the review is open, however long the request is over", () => {
    expect(keysAt(glass("ended"), 24 * 400)).toContain("review-overdue-9@C0002");
  });

  it("A reminder is in the thread of the alarm, and calls everyone who could close the review", () => {
    expect(noticeAt("review-overdue-1@C0002", glass("ended"), 48)).toMatchObject({
      thread: "break-glass@C0002",
      mentions: ["bob"],
      actions: [],
    });
    expect(noticeAt("review-overdue-1@bob", glass("ended"), 48)).toMatchObject({
      thread: "review-wanted@bob",
      mentions: [],
    });
  });

  it("The alarm channel hears of an overdue review that nobody of today could close", () => {
    const lonely = glass("ended", { review: { by: ["left"], dueAt: T0, closed: null } });
    expect(keysAt(lonely, 1)).toEqual(["review-overdue-1@C0002"]);
    expect(eventsAt(lonely, 1)).toMatchObject([{ detail: { prompt: { people: [] } } }]);
  });

  it("Nobody is reminded of a review once it is closed, on Slack or on the bus", () => {
    for (const state of CLOSABLE)
      for (const hours of [1, 24, 48, 500]) {
        expect(keysAt(closed(glass(state)), hours)).toEqual([]);
        expect(eventsAt(closed(glass(state)), hours)).toEqual([]);
      }
    expect(noticesFor(policyOf(), closed(glass("ended")), plusSeconds(T0, HOUR)).changesAt).toBe(
      null,
    );
  });

  it("The bus has each of them once, with who could close it and when it was due", () => {
    const request = glass("ended");
    const dueAt = plusSeconds(T0, 48 * HOUR);
    expect(eventsAt(request, 23)).toEqual([]);
    expect(eventsAt(request, 24)).toMatchObject([
      { type: "review-reminder", at: plusSeconds(T0, 24 * HOUR) },
    ]);
    expect(eventsAt(request, 72)).toMatchObject([
      {
        type: "review-overdue",
        at: plusSeconds(T0, 72 * HOUR),
        detail: {
          id: `${request.id}#review-overdue-2`,
          prompt: { kind: "review-overdue", number: 2, people: ["bob"], dueAt },
        },
      },
    ]);
  });

  it("Without Slack the bus has them too, at their time", () => {
    const plan = noticesFor(aPolicy(), glass("ended"), plusSeconds(T0, 25 * HOUR));
    expect(plan).toEqual({ notices: [], changesAt: plusSeconds(T0, 48 * HOUR) });
  });

  it("A review that begins after its reminder's time is asked for, and reminded of once", () => {
    const late = glass("ended", { startsAt: plusSeconds(T0, HOUR) });
    expect(keysAt(late, 24.4)).toEqual(["review-wanted@bob"]);
    expect(keysAt(late, 24.5)).toContain("review-reminder-1@bob");
  });
});
