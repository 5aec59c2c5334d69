/** A pending request that becomes break-glass: which terms follow, and which claims of it are true. */
import { describe, expect, it } from "vitest";
import { aRequest } from "../../../../lab/fakes/builders.ts";
import { digestOf } from "../../../../shared/domain/requests/digest.ts";
import {
  beforeEscalation,
  escalatedTerms,
  isTrueEscalation,
  termsAfterEscalation,
} from "../../../../shared/domain/requests/escalated-terms.ts";
import { filingOf } from "../../../../shared/domain/requests/filing.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";

const STARTS = "2026-11-25T10:00:00.000Z";
const asked = aRequest({ startsAt: STARTS });
const terms = escalatedTerms(asked, "glass", 1_800);
const glass: AccessRequest = { ...asked, ...termsAfterEscalation(asked, terms) };

/** The request with other members, and with the digest of those. */
const redigested = (request: AccessRequest): AccessRequest => ({
  ...request,
  digest: digestOf(request),
});
const over = (request: AccessRequest, changes: object) =>
  termsAfterEscalation(request, { ...terms, ...changes });

describe("The terms of a request once it is break-glass", () => {
  it("It begins at once, and lasts as long as was asked for, or as the rule lends at most", () => {
    expect(terms).toMatchObject({ rule: "glass", durationSeconds: 1_800, startsAt: null });
    expect(escalatedTerms(asked, "glass", 7_200).durationSeconds).toBe(3_600);
  });

  it("Its digest is of the new terms and names the earlier ones, which it keeps", () => {
    const { rule, durationSeconds, digest } = asked;
    expect(terms.insteadOf).toEqual({ rule, durationSeconds, startsAt: STARTS, digest });
    expect(glass).toMatchObject({ breakGlass: true, escalatedFrom: terms.insteadOf });
    expect(glass.digest).toBe(digestOf(glass));
    expect(glass.filed).toEqual(filingOf(asked));
    expect(beforeEscalation(glass)).toEqual({ ...asked, filed: glass.filed });
    expect(beforeEscalation(asked)).toBe(asked);
  });

  it("No step gives more or other terms than its digest and the terms before say", () => {
    const refused = { code: "invariant-broken" };
    const forged = [
      { rule: asked.rule },
      { rule: "another" },
      { durationSeconds: 3_601 },
      { startsAt: STARTS },
      { digest: asked.digest },
      { insteadOf: { ...terms.insteadOf, rule: "another" } },
      { insteadOf: { ...terms.insteadOf, durationSeconds: 7_200 } },
      { insteadOf: { ...terms.insteadOf, startsAt: null } },
      { insteadOf: { ...terms.insteadOf, digest: terms.digest } },
    ];
    for (const changes of forged)
      expect(() => over(asked, changes)).toThrow(expect.objectContaining(refused));
    expect(over(asked, {})).toMatchObject({ rule: "glass" });
  });

  it("Not even a step with the right digest gives more, or the same rule again", () => {
    for (const changes of [{ durationSeconds: 3_601 }, { rule: asked.rule }]) {
      const next = { ...terms, ...changes };
      const { rule, durationSeconds, insteadOf } = next;
      const digest = digestOf({
        ...asked,
        rule,
        durationSeconds,
        startsAt: null,
        escalatedFrom: insteadOf,
      });
      expect(() => over(asked, { ...changes, digest })).toThrow("under other terms");
    }
  });

  it("A request becomes break-glass once, and one that was asked for as break-glass never does", () => {
    const again = escalatedTerms(glass, "glass-2", 600);
    expect(() => termsAfterEscalation(glass, again)).toThrow("under other terms");
    const born = redigested({ ...asked, breakGlass: true });
    expect(() => termsAfterEscalation(born, escalatedTerms(born, "glass", 600))).toThrow();
  });
});

describe("A record that claims to have become break-glass", () => {
  const from = terms.insteadOf;

  it("It is true as the step made it, and where it claims nothing", () => {
    expect([isTrueEscalation(glass), isTrueEscalation(asked)]).toEqual([true, true]);
  });

  it("It may last as long as was asked for, and no longer", () => {
    expect(isTrueEscalation({ ...glass, durationSeconds: 3_600 })).toBe(true);
    expect(isTrueEscalation({ ...glass, durationSeconds: 3_601 })).toBe(false);
  });

  it.each<[string, Partial<AccessRequest>]>([
    ["is no break-glass", { breakGlass: false }],
    ["waits for a start", { startsAt: STARTS }],
    ["has the rule that it had before", { rule: asked.rule }],
    [
      "had other terms before than their digest says",
      { escalatedFrom: { ...from, durationSeconds: 7_200 } },
    ],
    ["had another digest before", { escalatedFrom: { ...from, digest: terms.digest } }],
    ["gives other access", { access: { groups: ["admins"] } }],
  ])("It is false where it %s", (_, changes) => {
    expect(isTrueEscalation({ ...glass, ...changes })).toBe(false);
  });

  it("It is false for an extension, whatever its digests say", () => {
    const extension = redigested({ ...asked, extends: "a grant" });
    const escalated = escalatedTerms(extension, "glass", 1_800);
    const { insteadOf, ...next } = escalated;
    const claimed = { ...extension, ...next, breakGlass: true, escalatedFrom: insteadOf };
    expect(isTrueEscalation(claimed)).toBe(false);
    expect(isTrueEscalation({ ...glass, extends: "a grant" })).toBe(false);
  });
});
