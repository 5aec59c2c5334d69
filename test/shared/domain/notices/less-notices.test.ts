/** Notices to a requester when an approver gave less than they asked for. */
import { describe, expect, it } from "vitest";
import { anOffer, aPolicy, aRequest, T0 } from "../../../../lab/fakes/builders.ts";
import type { RequestNotice } from "../../../../shared/domain/notices/notice.ts";
import { noticesFor } from "../../../../shared/domain/notices/notices-for.ts";
import type { AccessRequest, State } from "../../../../shared/domain/requests/request.ts";

const POLICY = {
  ...aPolicy(),
  slack: { teams: ["T0001"], channel: "C0001", alarms: "C0002" },
};
const HALF = { durationSeconds: 1_800 };
const asked = aRequest();
const lessened = (to: "approved" | "pending") => anOffer(asked, HALF, to).request;

const noticesOf = (request: AccessRequest) => noticesFor(POLICY, request, T0).notices;
const lessOf = (request: AccessRequest): readonly RequestNotice[] =>
  noticesOf(request).filter(({ kind }) => kind === "approved-less");

describe("The message to a requester whose request was approved for less", () => {
  it("The requester has a message of their own, with both terms and who gave less", () => {
    const [before, after] = [asked, lessened("approved")];
    expect(lessOf(after)).toMatchObject([
      {
        key: "approved-less-1@alice",
        audience: { kind: "person", person: "alice" },
        send: true,
        facts: {
          less: [
            {
              by: "bob",
              before: { durationSeconds: 3_600, digest: before.digest },
              after: { durationSeconds: 1_800, digest: after.digest },
            },
          ],
        },
      },
    ]);
  });

  it("A request that is approved as it was asked for has no such message", () => {
    expect(lessOf(asked)).toEqual([]);
    expect(noticesOf(asked).every(({ facts }) => !("less" in facts))).toBe(true);
  });

  it("A second approval for less is a message of its own", () => {
    const twice = anOffer(lessened("pending"), { durationSeconds: 900 }).request;
    expect(lessOf(twice).map(({ key }) => key)).toEqual(["approved-less-2@alice"]);
    expect(lessOf(twice)[0]?.facts.less?.map(({ after }) => after.durationSeconds)).toEqual([
      1_800, 900,
    ]);
  });

  it("A request that still waits can be cancelled there", () => {
    expect(lessOf(lessened("pending"))[0]?.actions).toEqual(["cancel"]);
    expect(lessOf(lessened("approved"))[0]?.actions).toEqual([]);
  });

  it("A step after the approval changes nothing in it, and keeps nobody waiting", () => {
    const approved = lessened("approved");
    const [before] = lessOf(approved);
    for (const state of ["active", "ending", "ended"] as const) {
      const [later] = lessOf({ ...approved, state, endedAt: T0 });
      expect(later).toMatchObject({ facts: before?.facts, actions: [], precedence: "last" });
    }
  });

  it.each(["ended", "denied", "cancelled", "lapsed", "failed"] as const)(
    "It is not sent once the request is %s: that is the news",
    (state: State) => {
      expect(lessOf({ ...lessened("approved"), state })[0]?.send).toBe(false);
    },
  );

  it("Each other message about the request has both terms too", () => {
    const kinds = noticesOf(lessened("pending")).map(({ kind, facts }) => [kind, facts.less]);
    for (const [, less] of kinds) expect(less).toHaveLength(1);
  });
});
