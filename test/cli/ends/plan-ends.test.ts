/** The plan of `return --all` and `revoke --all`: which calls end everything of one person. */
import { describe, expect, it } from "vitest";
import { planEnds } from "../../../cli/ends/plan-ends.ts";
import type { RequestSummary } from "../../../shared/http/contract/answers.ts";
import { idOf } from "../sample-requests.ts";
import { aRequest } from "./sample-ends.ts";

const plan = (requests: readonly RequestSummary[], isOwn = false, cluster?: string) => {
  const { ends, underway, pending } = planEnds(requests, { person: "alice", cluster, isOwn });
  return {
    ends: ends.map(({ verb, request, others }) =>
      [verb, request.id, ...others.map(({ id }) => id)].join(" "),
    ),
    underway: underway.map(({ id }) => id),
    pending: pending.map(({ id }) => id),
  };
};
const NOTHING = { ends: [], underway: [], pending: [] };

describe("The plan of one's own ends", () => {
  it("Active access is returned, and whatever waits is cancelled", () => {
    const requests = [aRequest(1, "active"), aRequest(2, "approved"), aRequest(3, "pending")];
    expect(plan(requests, true)).toEqual({
      ...NOTHING,
      ends: [`return ${idOf(1)}`, `cancel ${idOf(2)}`, `cancel ${idOf(3)}`],
    });
  });

  it.each(["pending", "approved"] as const)(
    "A grant whose extension is %s is returned once, since that ends both",
    (state) => {
      const requests = [aRequest(2, state, { extends: idOf(1) }), aRequest(1, "active")];
      expect(plan(requests, true)).toEqual({ ...NOTHING, ends: [`return ${idOf(1)} ${idOf(2)}`] });
    },
  );

  it("The last grant of an active chain is returned", () => {
    const chain = [
      aRequest(1, "active", { extendedBy: idOf(2) }),
      aRequest(2, "active", { extends: idOf(1) }),
    ];
    expect(plan(chain, true).ends).toEqual([`return ${idOf(2)} ${idOf(1)}`]);
  });

  it("An extension whose grant is over is a chain of its own", () => {
    const requests = [aRequest(1, "ended"), aRequest(2, "active", { extends: idOf(1) })];
    expect(plan(requests, true).ends).toEqual([`return ${idOf(2)}`]);
  });

  it("Grants that name each other in a circle are ended all the same", () => {
    const circle = [
      aRequest(1, "active", { extends: idOf(2) }),
      aRequest(2, "active", { extends: idOf(1) }),
    ];
    expect(plan(circle, true).ends.join(" ")).toContain(idOf(1));
    expect(plan(circle, true).ends.join(" ")).toContain(idOf(2));
  });
});

describe("The plan of ends of somebody else's access", () => {
  it("Access that is there or approved is revoked, and what waits for a decision stays", () => {
    const requests = [aRequest(1, "active"), aRequest(2, "approved"), aRequest(3, "pending")];
    expect(plan(requests)).toEqual({
      ...NOTHING,
      ends: [`revoke ${idOf(1)}`, `revoke ${idOf(2)}`],
      pending: [idOf(3)],
    });
  });

  it("A pending extension ends with its grant, and is not listed as one that stays", () => {
    const requests = [aRequest(1, "active"), aRequest(2, "pending", { extends: idOf(1) })];
    expect(plan(requests)).toEqual({ ...NOTHING, ends: [`revoke ${idOf(1)} ${idOf(2)}`] });
  });
});

describe("Every plan", () => {
  it("It leaves out other people, other clusters, and what is over, and follows what is ending", () => {
    const requests = [
      aRequest(1, "active", { requester: "erin" }),
      aRequest(2, "active", { cluster: "staging" }),
      aRequest(3, "ended"),
      aRequest(4, "ending"),
      aRequest(5, "active"),
    ];
    expect(plan(requests, false, "prod")).toEqual({
      ...NOTHING,
      ends: [`revoke ${idOf(5)}`],
      underway: [idOf(4)],
    });
  });

  it("A request that two lists have is ended once", () => {
    expect(plan([aRequest(1, "active"), aRequest(1, "active")]).ends).toHaveLength(1);
  });
});
