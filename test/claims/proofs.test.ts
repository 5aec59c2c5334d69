/** Nobody but its own module makes the proof that a sentence takes. tsc sees that; these tests see the rest. */
import { describe, expect, it } from "vitest";
import { type Faultless, faultless } from "../../cli/audit/faultless.ts";
import type { WholeTally } from "../../cli/audit/write-export.ts";
import { type NothingStored, nothingStored } from "../../cli/changes/stored-changes.ts";
import { type NoGrants, noGrants, nothingLent } from "../../cli/deployment/nothing-lent.ts";
import { T0 } from "../../lab/fakes/builders.ts";
import {
  notChanged,
  type Refusal,
  refusalOf,
} from "../../shared/domain/evidence/trail/trail-event.ts";
import {
  type EndProof,
  type NothingRemains,
  nothingRemains,
} from "../../shared/domain/requests/end-proof.ts";
import { accessEnded } from "../../shared/domain/requests/end-text.ts";
import { aRequest } from "../cli/ends/sample-ends.ts";

const PROOF: EndProof = { hadBegun: true, readAt: T0, stayed: [], stayedBy: [] };

describe("The proof of a sentence", () => {
  it("Only tsc keeps a sentence from what proves nothing: each line is an error there", () => {
    const faults: readonly string[] = ["line 1"];
    // @ts-expect-error what is stored of an end proves nothing by itself
    const stored = accessEnded({ ...PROOF, stayed: ["cluster"] });
    // @ts-expect-error an instant is no read
    const instant: NothingRemains = { readAt: T0 };
    // @ts-expect-error it may be no proof
    const unchecked = accessEnded(nothingRemains(undefined));
    // @ts-expect-error an error is no refusal
    const error: Refusal = { errorCode: "ServerException" };
    // @ts-expect-error it may be missing
    const unread = notChanged(refusalOf("ServerException"));
    // @ts-expect-error nobody has looked for faults
    const verified: Faultless<{ readonly faults: readonly string[] }> = { faults };
    // @ts-expect-error an empty list is no answer of the API
    const lent: NoGrants = {};
    // @ts-expect-error nobody may have asked
    const unasked = nothingLent(noGrants([]), "");
    // @ts-expect-error pages may follow
    const begun: WholeTally = { events: 1, earlier: 0, requests: 1, to: T0 };
    // @ts-expect-error something may be stored
    const sent: NothingStored = {};
    expect([lent, begun.events, unasked, sent]).toEqual([{}, 1, "Nothing is lent.", {}]);
    const said = [stored, accessEnded(instant), unchecked, notChanged(error), unread];
    expect(new Set(said)).toEqual(
      new Set(["The access of this grant has ended.", ", so nothing was changed"]),
    );
    expect(faultless(verified)).toBeUndefined();
  });

  it("Nothing remains where a read showed nothing, and nothing else gives the same", () => {
    expect(nothingRemains(PROOF)).toEqual({ readAt: T0 });
    for (const world of [
      undefined,
      { ...PROOF, readAt: null },
      { ...PROOF, hadBegun: false },
      { ...PROOF, stayed: ["cluster"], stayedBy: ["standing access"] } as const,
    ])
      expect(nothingRemains(world)).toBeUndefined();
  });

  it("Nothing is lent where the API lists no grant, and nothing is stored before a change is answered", () => {
    expect(noGrants([])).toEqual({});
    expect(noGrants([aRequest(1, "active")])).toBeUndefined();
    expect(nothingStored({ said: [] })).toEqual({});
    expect(nothingStored({ said: ["Your request is stored."] })).toBeUndefined();
  });

  it("A call is refused only by an error of the caller's", () => {
    expect(refusalOf("AccessDenied")).toEqual({ errorCode: "AccessDenied" });
    expect(refusalOf("ServerException")).toBeUndefined();
  });

  it("A verified result is faultless if no fault was found", () => {
    expect(faultless({ faults: [], events: 1 })).toEqual({ faults: [], events: 1 });
    expect(faultless({ faults: ["line 1"], events: 1 })).toBeUndefined();
  });
});
