import { describe, expect, it } from "vitest";
import { aFirstStep, anApproval } from "../../../../lab/fakes/builders.ts";
import { grantIn, requestFrom } from "../../../../shared/domain/requests/parse-grant.ts";

const { request } = anApproval(aFirstStep().request);

describe("A stored record as a grant", () => {
  it.each([1, 2, 30])(
    "A record of schema %i, with members of a later release, is a grant",
    (schema) => {
      const stored = { ...request, schema, later: "request" };
      expect(grantIn(stored)).toEqual(stored);
    },
  );

  it("A list in place of an object is none, whatever members it has", () => {
    const cluster = Object.assign([], request.cluster);
    expect(grantIn({ ...request, cluster })).toBeUndefined();
  });

  it("A record with as many namespaces as a request may name is a grant, and one with more is none", () => {
    const named = (count: number) => ({
      policy: "AmazonEKSViewPolicy",
      scope: { type: "namespace", namespaces: Array.from({ length: count }, (_, n) => `n${n}`) },
    });
    expect(grantIn({ ...request, access: named(50) })).toMatchObject({ id: request.id });
    expect(grantIn({ ...request, access: named(51) })).toBeUndefined();
  });

  it.each([
    [10, true],
    [11, false],
    [1e12, false],
  ])(
    "A record that asks for %d approvals, where a rule may ask for 10, is a request: %s",
    (count, is) => {
      const stored = { ...request, requirements: [{ groups: ["payments-leads"], count }] };
      expect(grantIn(stored) !== undefined).toBe(is);
      expect(requestFrom(stored) !== undefined).toBe(is);
    },
  );

  it.each(["a", "€"])(
    "A record with more bytes than steps leave room for is none: %s",
    (letter) => {
      const bytes = Buffer.byteLength(letter);
      const filled = (size: number) => ({ ...request, reason: letter.repeat(size / bytes) });
      expect(grantIn(filled(150_000))).toMatchObject({ id: request.id });
      expect(grantIn(filled(210_000))).toBeUndefined();
    },
  );

  it.each([0, -1, 1.5, "1", null, undefined])("A record of schema %j is no grant", (schema) => {
    expect(grantIn({ ...request, schema })).toBeUndefined();
  });
});
