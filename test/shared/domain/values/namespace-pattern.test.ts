import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  isNamespaceName,
  isNamespacePattern,
  outsideSystem,
  patternCovers,
  reachesSystem,
} from "../../../../shared/domain/values/namespace-pattern.ts";

describe("A namespace", () => {
  it.each(["a", "payments-api", "0", "a".repeat(63)])("A namespace may be called %s", (text) => {
    expect(isNamespaceName(text)).toBe(true);
  });
  it.each(["", "A", "a.b", "-a", "a-", "a".repeat(64), "a b", "ä", "a*", "a\n", "pаyments"])(
    "A namespace may not be called %j",
    (text) => {
      expect(isNamespaceName(text)).toBe(false);
    },
  );
  it.each([
    ["*", true],
    ["k*", true],
    ["kube-*", true],
    ["kube-system", true],
    ["*-system", true],
    ["payments-*", false],
    ["kubernetes", false],
    ["kubeflow", false],
    ["ku*", true],
    ["kubeflow-*", false],
  ])("The pattern %s reaches Kubernetes' own namespaces: %s", (pattern, expected) => {
    expect(reachesSystem(pattern)).toBe(expected);
  });
});

describe("Patterns outside Kubernetes' own namespaces", () => {
  it("together they cover exactly what reaches no system namespace", () => {
    const near = fc.oneof(
      fc
        .nat(5)
        .chain((length) =>
          fc.stringMatching(/^[-a-z0-9*]{0,3}$/).map((rest) => "kube-".slice(0, length) + rest),
        ),
      fc.stringMatching(/^[a-z0-9*][-a-z0-9*]{0,5}$/),
    );
    fc.assert(
      fc.property(
        near.filter((one) => one !== "" && one !== "-"),
        (one) => {
          const isCovered = outsideSystem().some((outer) => patternCovers(outer, one));
          expect(isCovered).toBe(!reachesSystem(one));
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("A pattern", () => {
  const piece = fc.constantFrom("a", "b", "-", "*");
  const pattern = fc.array(piece, { minLength: 1, maxLength: 5 }).map((p) => p.join(""));
  const nameOf = fc
    .array(fc.constantFrom("a", "b", "-"), { minLength: 1, maxLength: 6 })
    .map((p) => p.join(""));

  /** A second, naive matcher that tries every length for a star. */
  const matches = (p: string, n: string): boolean => {
    if (p === "") return n === "";
    if (p[0] === "*") return matches(p.slice(1), n) || (n !== "" && matches(p, n.slice(1)));
    return n[0] === p[0] && matches(p.slice(1), n.slice(1));
  };

  it("A pattern covers exactly the names that a naive matcher accepts", () => {
    fc.assert(
      fc.property(pattern, nameOf, (p, n) => {
        expect(patternCovers(p, n)).toBe(matches(p, n));
      }),
    );
  });
  it("A pattern covers another only if it covers every name of it", () => {
    fc.assert(
      fc.property(pattern, pattern, nameOf, (outer, inner, n) => {
        if (patternCovers(outer, inner) && matches(inner, n)) expect(matches(outer, n)).toBe(true);
      }),
    );
  });
  it("A pattern of many stars is compared in one pass", () => {
    expect(patternCovers(`${"*a".repeat(31)}b`, "a".repeat(63))).toBe(false);
    expect(patternCovers(`${"*a".repeat(31)}b`, `${"a".repeat(62)}b`)).toBe(true);
  });
  it("A pattern treats no character but * as special", () => {
    expect(patternCovers("a.b", "axb")).toBe(false);
    expect(isNamespacePattern("a?b")).toBe(false);
    expect(isNamespacePattern("[ab]*")).toBe(false);
  });
});
