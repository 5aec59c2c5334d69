/** The stored records that converge believes to be grants of a binding. */
import { describe, expect, it } from "vitest";
import { ALICE, anApproval, aRequest, BOB, PROD, STAGING } from "../../../../lab/fakes/builders.ts";
import { countedId } from "../../../../lab/fakes/counted-ids.ts";
import { believedIn, unaltered } from "../../../../shared/domain/entries/believed-grants.ts";
import { bindingKey } from "../../../../shared/domain/entries/binding.ts";
import { linkOf } from "../../../../shared/domain/entries/extension-chain.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { aBegun, aLedger } from "./situations.ts";

const BINDING = bindingKey(PROD.arn, ALICE);
const grant = anApproval(aRequest()).request;
const believed = (record: unknown, more: object = {}) => {
  const { grants, leftOut } = believedIn(BINDING, [
    { filedAs: grant.id, record, headVersion: grant.version, ...more },
  ]);
  return grants.length > 0 ? "believed" : leftOut[0]?.why;
};

describe("A record of a binding's partition", () => {
  it("It is believed where it is the binding's own, in the version of the head or a later one", () => {
    expect(believed(grant)).toBe("believed");
    expect(believed(grant, { headVersion: grant.version - 1 })).toBe("believed");
    expect(believed(grant, { headVersion: 0 })).toBe("believed");
    expect(believed(grant, { headVersion: grant.version + 1 })).toBe("outdated");
  });

  it("It is left out where it lacks its form, its place or its binding", () => {
    expect(believed(undefined)).toBe("outdated");
    for (const none of [null, "x", {}, { ...grant, revokeAt: 7 }])
      expect(believed(none)).toBe("unreadable");
    expect(believed(grant, { filedAs: countedId(99) })).toBe("misfiled");
    expect(believed({ ...grant, principalArn: BOB })).toBe("elsewhere");
    expect(believed({ ...grant, cluster: STAGING })).toBe("elsewhere");
  });

  it("Each record is judged by itself, and named by the id under which it is filed", () => {
    const other = { filedAs: countedId(99), record: "x", headVersion: 0 };
    const own = { filedAs: grant.id, record: grant, headVersion: 0 };
    expect(believedIn(BINDING, [other, own])).toEqual({
      grants: [expect.objectContaining({ id: grant.id })],
      leftOut: [{ id: countedId(99), why: "unreadable" }],
    });
  });
});

describe("A begun grant whose record was changed", () => {
  const chain = linkOf(grant, aLedger());
  if (!chain) throw new Error("The grant has no place in a chain.");
  const begun = { [grant.id]: { ...aBegun(), chain } };
  const judged = (request: AccessRequest, parts = { begun } as Parameters<typeof aLedger>[0]) =>
    unaltered([request], aLedger(parts)).leftOut.map(({ id, why }) => [id, why]);

  it("It is left out where its terms are not those with which it began", () => {
    expect(judged(grant)).toEqual([]);
    for (const change of [
      { requester: "erin" },
      { access: { groups: ["x"] } },
      { rule: "another" },
    ])
      expect(judged({ ...grant, ...change })).toEqual([[grant.id, "altered"]]);
    expect(judged({ ...grant, reason: "another" })).toEqual([]);
  });

  it("One that has not begun counts as it is written, and so does one that an earlier release began", () => {
    const changed = { ...grant, rule: "another" };
    expect(judged(changed, {})).toEqual([]);
    expect(judged(changed, { begun: { [grant.id]: aBegun() } })).toEqual([]);
    expect(judged({ ...changed, id: "constructor" })).toEqual([]);
  });
});
