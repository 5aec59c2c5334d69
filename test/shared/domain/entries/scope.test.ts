import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  scopeCovers,
  scopeElements,
  scopeFromElements,
  scopeRemainder,
  scopeUnion,
} from "../../../../shared/domain/entries/scope.ts";
import type { AccessScope } from "../../../../shared/domain/requests/request.ts";
import type { ElementSet } from "../../../../shared/domain/values/element-set.ts";

const name = fc.constantFrom("a", "b", "c", "team-*", "cluster");
const scope: fc.Arbitrary<AccessScope> = fc.oneof(
  fc.constant<AccessScope>({ type: "cluster" }),
  fc
    .array(name, { minLength: 1, maxLength: 4 })
    .map((namespaces): AccessScope => ({ type: "namespace", namespaces })),
);
const elements: fc.Arbitrary<ElementSet> = fc.oneof(fc.constant([]), scope.map(scopeElements));

describe("The algebra of scopes", () => {
  it("No namespaces never become the whole cluster", () => {
    expect(scopeFromElements(scopeElements({ type: "namespace", namespaces: [] }))).toBeUndefined();
  });
  it("A namespace called cluster is not the whole cluster", () => {
    expect(scopeElements({ type: "namespace", namespaces: ["cluster"] })).not.toEqual(
      scopeElements({ type: "cluster" }),
    );
  });
  it("A scope survives the round trip to elements, without order and duplicates", () => {
    fc.assert(
      fc.property(scope, (one) => {
        const back = scopeFromElements(scopeElements(one));
        if (one.type === "cluster") expect(back).toEqual(one);
        else
          expect(back).toEqual({
            type: "namespace",
            namespaces: [...new Set(one.namespaces)].sort(),
          });
      }),
    );
  });
  it("A union is commutative and associative, and covers its parts", () => {
    fc.assert(
      fc.property(elements, elements, elements, (a, b, c) => {
        expect(scopeUnion(a, b)).toEqual(scopeUnion(b, a));
        expect(scopeUnion(scopeUnion(a, b), c)).toEqual(scopeUnion(a, scopeUnion(b, c)));
        expect(scopeUnion(a, a)).toEqual(scopeUnion(a));
        expect(scopeCovers(scopeUnion(a, b), a)).toBe(true);
      }),
    );
  });
  it("A remainder is empty beside the whole cluster, and otherwise contains what is missing", () => {
    fc.assert(
      fc.property(elements, elements, (a, b) => {
        const left = scopeRemainder(a, b);
        if (b.includes("cluster")) expect(left).toEqual([]);
        else expect(left).toEqual(a.filter((element) => !b.includes(element)));
      }),
    );
  });
});
