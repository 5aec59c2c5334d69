/** Why an extension that has begun may not have its access restored. */
import { describe, expect, it } from "vitest";
import { ALICE, aPolicy, aRequest, PROD, T0 } from "../../../../../lab/fakes/builders.ts";
import { countedId } from "../../../../../lab/fakes/counted-ids.ts";
import { entitlementOf } from "../../../../../shared/domain/entries/entitlement.ts";
import { linkOf } from "../../../../../shared/domain/entries/extension-chain.ts";
import type { Begun, Ledger } from "../../../../../shared/domain/entries/ledger.ts";
import { openLedger } from "../../../../../shared/domain/entries/ledger.ts";
import type { AccessRequest } from "../../../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";
import { refusalOfExtension } from "../../../../../shared/usecases/converge/admit-grants.ts";

const HOUR = 3_600;
const EMPTY = openLedger({ binding: "b", clusterArn: PROD.arn, principalArn: ALICE });

const grant = aRequest({ id: countedId(1), approvedAt: T0 });
const extension: AccessRequest = {
  ...grant,
  id: countedId(2),
  extends: grant.id,
  until: plusSeconds(T0, 2 * HOUR),
};

/** The ledger that has begun this too. */
function begun(ledger: Ledger, request: AccessRequest): Ledger {
  const chain = linkOf(request, ledger);
  if (!chain) throw new Error("The grant has no place in a chain.");
  const end = plusSeconds(T0, HOUR);
  const times: Begun = {
    revokeAt: end,
    expiresAt: end,
    over: false,
    refusal: null,
    refusedSince: null,
    chain,
  };
  return { ...ledger, begun: { ...ledger.begun, [request.id]: times } };
}

/** The ledger, and the grant as open at an instant. */
const at = (ledger: Ledger, now = T0) => ({
  ledger,
  entitlements: [entitlementOf({ ...grant, state: "active" }, ledger, now)],
});

const LEDGER = begun(begun(EMPTY, grant), extension);

describe("An extension that has begun", () => {
  it("It may have its access restored, also after the grant that it extends is over", () => {
    const later = plusSeconds(T0, HOUR + 60);
    expect(refusalOfExtension(aPolicy(), extension, at(LEDGER, later))).toBeUndefined();
  });

  it.each([
    ["an extension of another grant", extension],
    ["an extension, and began as none", grant],
  ])("It may not where its record now calls it %s", (_, request) => {
    const claim = { ...request, extends: countedId(3), until: plusSeconds(T0, 2 * HOUR) };
    expect(refusalOfExtension(aPolicy(), claim, at(LEDGER))).toMatchObject({ code: "other-terms" });
  });
});

describe("An extension that begins", () => {
  const BEFORE = begun(EMPTY, grant);
  const code = (request: AccessRequest, policy = aPolicy(), ledger = BEFORE) =>
    refusalOfExtension(policy, request, at(ledger))?.code;
  const under = (more: object) => {
    const { rules, ...rest } = aPolicy();
    return { ...rest, rules: rules.map((rule) => ({ ...rule, ...more })) };
  };
  const total = (times: number, totalSeconds: number) =>
    under({ extend: { times, totalSeconds, approval: "same" } });

  it("It may where its rule lets the chain continue that often and for that time, and no longer", () => {
    expect(code(extension, total(1, 2 * HOUR))).toBeUndefined();
    expect(code(extension, total(0, 2 * HOUR))).toBe("extended-enough");
    expect(code(extension, total(1, 2 * HOUR - 1))).toBe("total-exceeded");
    expect(code(extension, under({ extend: undefined }))).toBe("not-extendable");
    expect(refusalOfExtension(total(0, HOUR), extension, at(BEFORE))?.detail).toMatch(
      / Nothing was added; ask for access again\.$/,
    );
  });

  it("It may not without its rule, an end, or a grant that has begun", () => {
    expect(code({ ...extension, rule: "gone" })).toBe("other-terms");
    const { until: _, ...endless } = extension;
    expect(code(endless)).toBe("wrong-deadline");
    expect(code(endless, aPolicy(), LEDGER)).toBe("other-terms");
    expect(code(extension, aPolicy(), EMPTY)).toBe("predecessor-over");
  });

  it("Any other grant is not an extension, and may", () => {
    expect(code(grant, under({ extend: undefined }), EMPTY)).toBeUndefined();
  });
});
