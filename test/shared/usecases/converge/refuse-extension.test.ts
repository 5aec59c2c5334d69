/** Why an extension that has begun may not have its access restored. */
import { describe, expect, it } from "vitest";
import { linkOf } from "../../../../shared/domain/entries/extension-chain.ts";
import type { Begun, Ledger } from "../../../../shared/domain/entries/ledger.ts";
import { openLedger } from "../../../../shared/domain/entries/ledger.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { refusalOfExtension } from "../../../../shared/usecases/converge/refuse-extension.ts";
import { ALICE, aPolicy, aRequest, PROD, T0 } from "../../../fakes/builders.ts";
import { countedId } from "../../../fakes/counted-ids.ts";

const HOUR = 3_600;
const EMPTY = openLedger({ binding: "b", clusterArn: PROD.arn, principalArn: ALICE });

const grant = aRequest({ id: countedId(1), approvedAt: T0 });
const extension: AccessRequest = {
  ...grant,
  ...{ id: countedId(2), extends: grant.id, until: plusSeconds(T0, 2 * HOUR) },
};

/** The ledger that has begun this too. */
function begun(ledger: Ledger, request: AccessRequest): Ledger {
  const chain = linkOf(request, ledger);
  if (!chain) throw new Error("The grant has no place in a chain.");
  const end = plusSeconds(T0, HOUR);
  const times: Begun = {
    ...{ revokeAt: end, expiresAt: end, over: false, refusal: null, refusedSince: null },
    chain,
  };
  return { ...ledger, begun: { ...ledger.begun, [request.id]: times } };
}

const LEDGER = begun(begun(EMPTY, grant), extension);

describe("An extension that has begun", () => {
  it("It may have its access restored, also after the grant that it extends is over", () => {
    const later = plusSeconds(T0, HOUR + 60);
    expect(refusalOfExtension(aPolicy(), extension, LEDGER, later)).toBeUndefined();
  });

  it.each([
    ["an extension of another grant", extension],
    ["an extension, and began as none", grant],
  ])("It may not where its record now calls it %s", (_, request) => {
    const claim = { ...request, extends: countedId(3), until: plusSeconds(T0, 2 * HOUR) };
    expect(refusalOfExtension(aPolicy(), claim, LEDGER, T0)).toMatchObject({ code: "other-terms" });
  });
});
