/**
 * The claim about a grant's access when its end is proven, and the reasons for access that is still
 * given.
 */
import { describe, expect, it } from "vitest";
import { endProof } from "../../../../shared/domain/entries/end-proof.ts";
import type { Entitlement } from "../../../../shared/domain/entries/entitlement.ts";
import type { Begun, Ledger } from "../../../../shared/domain/entries/ledger.ts";
import type { ElementSet } from "../../../../shared/domain/values/element-set.ts";
import {
  aLedger,
  all,
  anEntitlement,
  anEntry,
  aReading,
  at,
  EDIT,
  lent,
  ns,
  standing,
  VIEW,
} from "./situations.ts";

const OWN: Entitlement = { ...anEntitlement("own", EDIT, ns("a", "b")), isOver: true };

const begun = (expiresAt: string): Begun => ({
  revokeAt: expiresAt,
  expiresAt,
  over: false,
  refusal: null,
  refusedSince: null,
});

/** The proof by a read that found this on the policy. */
const proof = (found: ElementSet, ledger: Ledger, ...others: readonly Entitlement[]) =>
  endProof(OWN, ledger, [OWN, ...others], {
    sight: "same",
    reading: aReading(anEntry({ [EDIT]: found, [VIEW]: ns("a") }), at(0)),
  });
const EMPTY = aLedger();

describe("The explanation of access that stays after an end", () => {
  it("Nothing stays that is on another policy, and no grant of another policy is named", () => {
    const other = anEntitlement("other", VIEW, ns("a"));
    const ledger = aLedger({ targets: { [VIEW]: all(ns("a"), lent()) } });
    expect(proof([], ledger, other)).toMatchObject({ stayed: [], stayedBy: [] });
    expect(proof(ns("a"), ledger, other)).toMatchObject({
      stayed: ns("a"),
      stayedBy: ["standing access"],
    });
  });

  it("Grants are named in the order of their ends, the last one first, and five of them at most", () => {
    const others = [3, 1, 6, 2, 5, 4].map((hour) => anEntitlement(`g${hour}`, EDIT, ns("a")));
    const ledger = aLedger({
      targets: { [EDIT]: all(ns("a"), lent()) },
      begun: Object.fromEntries(
        [1, 2, 3, 4, 5, 6].map((hour) => [`g${hour}`, begun(at(hour * 3_600))] as const),
      ),
    });
    expect(proof(ns("a"), ledger, ...others).stayedBy).toEqual(["g6", "g5", "g4", "g3", "g2"]);
  });

  it("Standing access is named beside a grant where the grant lends less than what stays", () => {
    const other = anEntitlement("other", EDIT, ns("a"));
    const both = aLedger({ targets: { [EDIT]: all(ns("a", "b"), lent()) } });
    expect(proof(ns("a", "b"), both, other).stayedBy).toEqual(["other", "standing access"]);
    const baseline = aLedger({ targets: { [EDIT]: all(ns("a"), standing()) } });
    expect(proof(ns("a"), baseline, other).stayedBy).toEqual(["other", "standing access"]);
  });

  it("Access that a grant is lent counts although the read does not show it, and nothing that it lacks", () => {
    const other = anEntitlement("other", EDIT, ns("a"));
    const ledger = aLedger({ targets: { [EDIT]: all(ns("a"), lent()) } });
    expect(proof([], ledger, other)).toMatchObject({ stayed: ns("a"), stayedBy: ["other"] });
    expect(proof([], EMPTY, other)).toMatchObject({ stayed: [], stayedBy: [] });
  });

  it("Grants explain nothing that have not begun, or that are over and whose access is gone", () => {
    const other = anEntitlement("other", EDIT, ns("a"));
    const ledger = aLedger({ targets: { [EDIT]: all(ns("a"), lent()) } });
    expect(proof(ns("a"), ledger, { ...other, hasBegun: false }).stayedBy).toEqual([
      "standing access",
    ]);
    expect(proof(ns("a"), EMPTY, { ...other, isOver: true }).stayedBy).toEqual(["standing access"]);
  });

  it("Access stays that a grant still has which is over, until its removal", () => {
    const other = { ...anEntitlement("other", EDIT, ns("a")), isOver: true };
    const ledger = aLedger({ targets: { [EDIT]: all(ns("a"), lent()) } });
    expect(proof([], ledger, other)).toMatchObject({ stayed: ns("a"), stayedBy: ["other"] });
  });

  it("A pattern of a grant that is over still gives each namespace that it matches", () => {
    const pattern = { ...anEntitlement("other", EDIT, ns("a*")), isOver: true };
    const ledger = aLedger({ targets: { [EDIT]: all(ns("a*"), lent()) } });
    expect(proof([], ledger, pattern)).toMatchObject({ stayed: ns("a"), stayedBy: ["other"] });
  });
});

describe("The words of a proof about its read", () => {
  const KNOWN = aLedger({ targets: { [EDIT]: all(ns("a"), lent()) } });

  it("Access that never began has no proof, and nothing of it stayed, whatever is there", () => {
    const never = { ...OWN, hasBegun: false };
    const seen = { sight: "same", reading: aReading(anEntry({ [EDIT]: ns("a") }), at(5)) } as const;
    expect(endProof(never, KNOWN, [never], seen)).toEqual({
      hadBegun: false,
      readAt: null,
      stayed: [],
      stayedBy: [],
    });
  });

  it("For access that began, it names the time of the read that found it gone", () => {
    const seen = { sight: "same", reading: aReading(anEntry({ [EDIT]: ns("c") }), at(5)) } as const;
    expect(endProof(OWN, EMPTY, [OWN], seen)).toEqual({
      hadBegun: true,
      readAt: at(5),
      stayed: [],
      stayedBy: [],
    });
  });

  it("A read that shows a past state, or an entry too new, proves nothing", () => {
    const reading = aReading(undefined, at(5));
    for (const sight of ["stale", "too-new"] as const)
      expect(endProof(OWN, EMPTY, [OWN], { sight, reading })).toMatchObject({ readAt: null });
  });

  it("Where nothing was read, or no entry was there, only what the ledger knows of can have stayed", () => {
    const standingThere = aLedger({ targets: { [EDIT]: all(ns("b"), standing()) } });
    const stays = { stayed: ns("b"), stayedBy: ["standing access"] };
    expect(endProof(OWN, standingThere, [OWN], undefined)).toEqual({
      hadBegun: true,
      readAt: null,
      ...stays,
    });
    const seen = { sight: "same", reading: aReading(undefined, at(5)) } as const;
    expect(endProof(OWN, standingThere, [OWN], seen)).toEqual({
      hadBegun: true,
      readAt: at(5),
      ...stays,
    });
  });
});
