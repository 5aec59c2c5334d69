import { describe, expect, it } from "vitest";
import { mergePatched, strategicallyPatched } from "../../../../lab/sandbox/kubernetes/patch.ts";

describe("a merge patch", () => {
  // RFC 7396, appendix A.
  it.each([
    [{ a: "b" }, { a: "c" }, { a: "c" }],
    [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
    [{ a: "b" }, { a: null }, {}],
    [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
    [{ a: ["b"] }, { a: "c" }, { a: "c" }],
    [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
    [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
    [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
    [
      ["a", "b"],
      ["c", "d"],
      ["c", "d"],
    ],
    [{ a: "b" }, ["c"], ["c"]],
    [{ a: "foo" }, null, null],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: "b", c: null }, { a: "b" }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])("A merge patch of %j by %j makes %j", (target, patch, result) => {
    expect(mergePatched(target, patch)).toEqual(result);
  });

  it("A merge patch reaches no prototype", () => {
    const patch = JSON.parse('{"__proto__":{"polluted":true}}');
    expect(Object.hasOwn(mergePatched({}, patch) as object, "__proto__")).toBe(true);
    expect({}).not.toHaveProperty("polluted");
  });
});

describe("a strategic merge patch", () => {
  const pod = {
    spec: {
      containers: [
        { name: "one", image: "a:1", args: ["x"], ports: [{ containerPort: 80, name: "http" }] },
        { name: "two", image: "b:1" },
      ],
      tolerations: [{ key: "k" }],
    },
  };
  const patched = (spec: unknown) =>
    (strategicallyPatched(pod, { spec }) as { readonly spec: unknown }).spec;

  it("A strategic merge patch merges containers by their names, and ports by their numbers", () => {
    expect(
      patched({
        containers: [{ name: "one", image: "a:2", ports: [{ containerPort: 81 }] }],
      }),
    ).toEqual({
      ...pod.spec,
      containers: [
        {
          name: "one",
          image: "a:2",
          args: ["x"],
          ports: [{ containerPort: 80, name: "http" }, { containerPort: 81 }],
        },
        { name: "two", image: "b:1" },
      ],
    });
  });

  it("A strategic merge patch replaces a list that has no key", () => {
    expect(
      patched({ tolerations: [{ key: "l" }], containers: [{ name: "one", args: ["y"] }] }),
    ).toMatchObject({ tolerations: [{ key: "l" }], containers: [{ args: ["y"] }, {}] });
  });

  it("A strategic merge patch deletes an element, and a member", () => {
    expect(patched({ tolerations: null, containers: [{ name: "two", $patch: "delete" }] })).toEqual(
      { containers: [pod.spec.containers[0]] },
    );
  });

  it("A strategic merge patch replaces where it says so", () => {
    expect(patched({ containers: [{ $patch: "replace" }, { name: "three" }] })).toMatchObject({
      containers: [{ name: "three" }],
    });
    expect(patched({ $patch: "replace", nodeName: "n" })).toEqual({ nodeName: "n" });
  });

  it("A strategic merge patch puts elements into the order that it gives", () => {
    expect(
      patched({
        containers: [{ name: "zero", image: "z" }],
        "$setElementOrder/containers": [{ name: "two" }, { name: "zero" }],
      }),
    ).toMatchObject({ containers: [{ name: "two" }, { name: "zero" }, { name: "one" }] });
  });

  it("A strategic merge patch keeps of an object only what it names to be kept", () => {
    const strategy = { type: "RollingUpdate", rollingUpdate: { maxSurge: 1 } };
    expect(
      strategicallyPatched({ strategy }, { strategy: { $retainKeys: ["type"], type: "Recreate" } }),
    ).toEqual({ strategy: { type: "Recreate" } });
  });

  it.each([
    [{ $patch: "merge" }, "$patch: merge is not emulated"],
    [
      { "$deleteFromPrimitiveList/finalizers": ["a"] },
      "$deleteFromPrimitiveList/finalizers is not emulated",
    ],
    [{ containers: [{ image: "x" }] }, "an element of containers lacks its name"],
    [{ containers: ["one"] }, "an element of containers lacks its name"],
  ])("A strategic merge patch with %j is refused by name", (spec, said) => {
    expect(() => patched(spec)).toThrow(said);
  });
});
