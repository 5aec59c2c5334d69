/** The ledger's facts about an extension, at the edges of its grant's time. */
import { describe, expect, it } from "vitest";
import { aRequest, T0 } from "../../../../lab/fakes/builders.ts";
import { countedId } from "../../../../lab/fakes/counted-ids.ts";
import { entitlementOf } from "../../../../shared/domain/entries/entitlement.ts";
import {
  brokenLink,
  linkOf,
  othersInChain,
  withMember,
} from "../../../../shared/domain/entries/extension-chain.ts";
import type { Ledger } from "../../../../shared/domain/entries/ledger.ts";
import { MOST_EXTENSIONS } from "../../../../shared/domain/policy/extension.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { aLedger } from "./situations.ts";

const REVOKE_AT = plusSeconds(T0, 3_480);
const EXPIRES_AT = plusSeconds(T0, 3_600);
const UNTIL = plusSeconds(EXPIRES_AT, 1_800);

const grant = aRequest({ id: countedId(1), approvedAt: T0 });
const chain = linkOf(grant, aLedger());
if (!chain) throw new Error("The grant has no place in a chain.");

const ledger = (over = false) =>
  aLedger({
    begun: {
      [grant.id]: {
        revokeAt: REVOKE_AT,
        expiresAt: EXPIRES_AT,
        over,
        refusal: null,
        refusedSince: null,
        chain,
      },
    },
  });

const extension: AccessRequest = {
  ...grant,
  id: countedId(2),
  extends: grant.id,
  until: UNTIL,
  durationSeconds: 1_800,
  approvedAt: plusSeconds(T0, 60),
};

/** Why the ledger rules out that a request begins at an instant, while its grant is active on record. */
const broken = (request: AccessRequest, known: Ledger, now = T0) => {
  const { revokeAt = null } = known.begun[grant.id] ?? {};
  const open = entitlementOf({ ...grant, state: "active", revokeAt }, known, now);
  return brokenLink(request, known, [open])?.code;
};

const codeAt = (now: string, request = extension, over = false) =>
  broken(request, ledger(over), now);

describe("An extension at the edges of its grant", () => {
  it("An extension begins until the last instant before its grant's removal, and not at it", () => {
    expect(codeAt(plusSeconds(REVOKE_AT, -0.001))).toBeUndefined();
    expect(codeAt(REVOKE_AT)).toBe("predecessor-over");
    expect(codeAt(EXPIRES_AT)).toBe("predecessor-over");
  });

  it("An extension of a grant that is over begins at no time", () => {
    expect(codeAt(T0, extension, true)).toBe("predecessor-over");
  });

  it("Nor one of a grant that is left out of the pass: its end may be noted only", () => {
    expect(brokenLink(extension, ledger(), [])?.code).toBe("predecessor-over");
  });

  it("An extension ends its duration after its grant's end at the latest, and may end earlier", () => {
    expect(codeAt(T0, { ...extension, until: plusSeconds(UNTIL, 0.001) })).toBe("wrong-deadline");
    expect(codeAt(T0, { ...extension, until: plusSeconds(UNTIL, -60) })).toBeUndefined();
  });

  it("The place of an extension counts from the first start, one further than its grant's", () => {
    expect(linkOf(extension, ledger())).toEqual({
      ...chain,
      since: T0,
      extensions: 1,
      extends: grant.id,
    });
  });
});

describe("Reasons that an extension cannot begin", () => {
  const other = { ...extension, id: countedId(3) };
  const withOther = (of: AccessRequest) => {
    const link = linkOf(of, ledger());
    if (!link) throw new Error("The extension has no place in a chain.");
    const { begun } = ledger();
    const [first] = Object.values(begun);
    if (!first) throw new Error("No grant has begun.");
    return aLedger({ begun: { ...begun, [of.id]: { ...first, chain: link } } });
  };

  it("Another extension of the same grant, and not its own beginning", () => {
    expect(broken(extension, withOther(other))).toBe("extended-already");
    expect(broken(extension, withOther(extension))).toBeUndefined();
  });

  it("More extensions that have begun than any rule allows, also where the ledger forgot them", () => {
    const others = (count: number) => Array.from({ length: count }, (_, n) => countedId(10 + n));
    const { begun } = ledger();
    const [first] = Object.values(begun);
    if (!first) throw new Error("No grant has begun.");
    const codeAfter = (count: number) => {
      const full = { ...first, chain: { ...chain, others: others(count) } };
      return broken(extension, aLedger({ begun: { [grant.id]: full } }));
    };
    expect(codeAfter(MOST_EXTENSIONS - 1)).toBeUndefined();
    expect(codeAfter(MOST_EXTENSIONS)).toBe("extended-enough");
  });

  it("Other terms than its grant's, and the lack of an end", () => {
    const changes: readonly Partial<AccessRequest>[] = [
      { requester: "erin" },
      { principalArn: `${extension.principalArn}2` },
      { access: { groups: ["admins"] } },
      { rule: "break-glass" },
      { cluster: { name: "prod", arn: `${extension.cluster.arn}2` } },
    ];
    for (const change of changes)
      expect(codeAt(T0, { ...extension, ...change })).toBe("other-terms");
    expect(codeAt(T0, { ...extension, reason: "another" })).toBeUndefined();
    const { until: _, ...endless } = extension;
    expect(codeAt(T0, endless)).toBe("wrong-deadline");
  });

  it("A grant that never began here, also one with a name that every object has", () => {
    expect(codeAt(T0, { ...extension, extends: countedId(9) })).toBe("predecessor-over");
    expect(codeAt(T0, { ...extension, extends: "constructor" })).toBe("predecessor-over");
    expect(linkOf({ ...extension, extends: "constructor" }, ledger())).toBeUndefined();
  });

  it("Nothing rules out a grant that extends none, whose place begins with its own start", () => {
    expect(broken(grant, aLedger())).toBeUndefined();
    expect(chain).toMatchObject({ since: T0, extensions: 0, extends: null });
    expect(linkOf({ ...grant, approvedAt: null }, aLedger())).toBeUndefined();
  });

  it("An extension of access whose time an approver cut begins only as one that needs an approval", () => {
    const earlierTerms = [{ access: grant.access, durationSeconds: 7_200, digest: "d" }];
    const cut = linkOf({ ...grant, earlierTerms }, aLedger());
    if (!cut) throw new Error("The grant has no place in a chain.");
    const { begun } = ledger();
    const times = begun[grant.id];
    if (!times) throw new Error("The grant has not begun.");
    const after = aLedger({ begun: { [grant.id]: { ...times, chain: cut } } });
    const marked = { ...extension, shortened: true } as const;
    expect(broken(extension, after)).toBe("not-approved");
    expect(broken(marked, after)).toBeUndefined();
    expect(linkOf(marked, after)).toMatchObject({ extensions: 1, shortened: true });
    expect(linkOf(extension, ledger())).not.toHaveProperty("shortened");
  });
});

describe("The others of a chain", () => {
  const { begun } = ledger();
  const times = begun[grant.id];
  const linked = linkOf(extension, ledger());
  if (!times || !linked) throw new Error("The extension has no place in a chain.");

  it("A chain that an earlier release began is known by what its grants extend", () => {
    const earlier = { ...begun, [extension.id]: { ...times, chain: linked } };
    expect(othersInChain(extension.id, earlier)).toEqual([grant.id]);
    const next = { ...linked, extends: extension.id };
    const after = withMember(earlier, countedId(3), { ...times, chain: next });
    expect(othersInChain(countedId(3), after)).toEqual([grant.id, extension.id]);
    expect(othersInChain(grant.id, after)).toEqual([countedId(3)]);
  });

  it("A grant without a place in a chain changes nothing of the others", () => {
    const { chain: _, ...alone } = times;
    const after = withMember(begun, extension.id, alone);
    expect(after).toEqual({ ...begun, [extension.id]: alone });
  });
});
