import { describe, expect, it } from "vitest";
import { scopeCoversNamespace } from "../../../../../lab/sandbox/aws/eks/access-scope.ts";

const covers = (namespaces: readonly string[], namespace: string): boolean =>
  scopeCoversNamespace({ type: "namespace", namespaces }, namespace);

describe("A scope covers a namespace", () => {
  it("A cluster scope covers every namespace", () => {
    expect(scopeCoversNamespace({ type: "cluster", namespaces: [] }, "any")).toBe(true);
  });

  it.each([
    ["payments", "payments", true],
    ["payments", "payments-api", false],
    ["payments", "Payments", false],
    ["dev-*", "dev-a", true],
    ["dev-*", "dev-", true],
    ["dev-*", "dev", false],
    ["dev-*", "prod-dev-a", false],
    ["*-dev", "a-dev", true],
    ["*-dev", "a-dev-b", false],
    ["*", "anything", true],
    ["a*b*c", "a-b-c", true],
    ["a*b*c", "abc", true],
    ["a*b*c", "acb", false],
    ["a*b*c", "ac", false],
    ["ab*ba", "aba", false],
    ["ab*ba", "abba", true],
    ["a**c", "ac", true],
    ["a.c", "abc", false],
    ["a?c", "abc", false],
    ["[a]", "a", false],
  ])("The pattern %s covers the namespace %s: %s", (pattern, namespace, expected) => {
    expect(covers([pattern], namespace)).toBe(expected);
  });

  it("A scope covers a namespace when any of its patterns does, and none without patterns", () => {
    expect(covers(["a", "b-*"], "b-1")).toBe(true);
    expect(covers([], "a")).toBe(false);
  });
});
