import { describe, expect, it } from "vitest";
import { anApproval, aRequest } from "../../../../lab/fakes/builders.ts";
import {
  entitlementOf,
  explainsIn,
  lentBy,
  reachedOn,
} from "../../../../shared/domain/entries/entitlement.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { aBegun, aLedger, anEntitlement, at, EDIT, ns, VIEW } from "./situations.ts";

/** Approved for an hour from T0, and revoked two minutes before its end. */
const grant = anApproval(aRequest()).request;
const REVOKE_AT = at(3_480);
const notBegun = aLedger();
const begun = aLedger({ begun: { [grant.id]: aBegun() } });
const over = aLedger({ begun: { [grant.id]: aBegun({ over: true }) } });
const failing = aLedger({ failing: { [grant.id]: { code: "unknown-rule", detail: "" } } });

describe("The entitlement of a grant", () => {
  it("A grant reaches the namespaces of its scope on its policy", () => {
    expect(entitlementOf(grant, notBegun, at(0))).toMatchObject({
      grantId: grant.id,
      target: EDIT,
      elements: ns("payments-api"),
    });
  });

  it.each<[string, Partial<AccessRequest>, typeof notBegun, string, object]>([
    [
      "An approved grant before its first call is live, but has not begun",
      {},
      notBegun,
      at(0),
      { hasBegun: false, isLive: true },
    ],
    [
      "An approved grant after its first call has begun and is live",
      {},
      begun,
      at(0),
      { hasBegun: true, isLive: true },
    ],
    [
      "A grant approved for a later start is not live yet",
      { startsAt: at(60) },
      notBegun,
      at(59),
      { isOver: false, isLive: false },
    ],
    [
      "A grant is live from its requested start",
      { startsAt: at(60) },
      notBegun,
      at(60),
      { isOver: false, isLive: true },
    ],
    [
      "A grant is live until just before its end",
      {},
      begun,
      at(3_479),
      { isOver: false, isLive: true },
    ],
    ["A grant is over at its end", {}, begun, REVOKE_AT, { isOver: true, isLive: false }],
    ["A grant that never began is over at its end", {}, notBegun, REVOKE_AT, { isOver: true }],
    [
      "A grant that ends early is over",
      { state: "ending" },
      begun,
      at(0),
      { isOver: true, isLive: false },
    ],
    [
      "A grant that the ledger marks as failing is over",
      {},
      failing,
      at(0),
      { isOver: true, isLive: false },
    ],
    [
      "A grant that the ledger marks as over is over",
      {},
      over,
      at(0),
      { isOver: true, isLive: false },
    ],
    [
      "A grant stays over even if its record gives it more time",
      { revokeAt: at(9_999) },
      over,
      at(0),
      { isOver: true },
    ],
    [
      "A grant without an end is not live",
      { revokeAt: null },
      notBegun,
      at(0),
      { isOver: false, isLive: false },
    ],
  ])("%s", (_, changed, ledger, now, expected) => {
    expect(entitlementOf({ ...grant, ...changed }, ledger, now)).toMatchObject(expected);
  });
});

describe("Several grants of one entry", () => {
  const of = [
    anEntitlement("lent", EDIT, ns("b")),
    anEntitlement("over", EDIT, ns("a"), { isOver: true }),
    anEntitlement("waiting", EDIT, ["cluster"], { hasBegun: false }),
    anEntitlement("elsewhere", VIEW, ns("v")),
  ];

  it("Several grants reach each target separately, element by element", () => {
    expect(reachedOn(of, EDIT)).toEqual(["cluster", ...ns("a", "b")]);
    expect(reachedOn(of, VIEW)).toEqual(ns("v"));
  });

  it("Grants count as lent from their first call until their time is over", () => {
    expect(lentBy(of).map(({ grantId }) => grantId)).toEqual(["lent", "elsewhere"]);
  });

  it("Grants that have begun explain their elements, even when they are over", () => {
    const explains = explainsIn(of);
    expect(explains(EDIT, "ns/a")).toBe(true);
    expect(explains(EDIT, "ns/b")).toBe(true);
    expect(explains(EDIT, "cluster")).toBe(false);
    expect(explains(VIEW, "ns/a")).toBe(false);
  });
});
