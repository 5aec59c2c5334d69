import { describe, expect, it } from "vitest";
import { areTogether, mostPowerfulFirst } from "../../../../shared/domain/policy/asked-together.ts";
import type { Access } from "../../../../shared/domain/requests/request.ts";

const policy = (name: string, ...namespaces: readonly string[]): Access => ({
  policy: `AmazonEKS${name}Policy`,
  scope: namespaces.length === 0 ? { type: "cluster" } : { type: "namespace", namespaces },
});

describe("Requests of one ask", () => {
  const one = { id: "1", requester: "alice", askedWith: ["2", "3"] };
  const two = { id: "2", requester: "alice", askedWith: ["1", "3"] };

  it("They name each other, and are of one person", () => {
    expect(areTogether(one, two)).toBe(true);
  });

  it.each([
    ["which does not name the first", { ...two, askedWith: ["3"] }],
    ["which was asked for by itself", { id: "2", requester: "alice" }],
    ["which the first does not name", { ...two, id: "4" }],
    ["of somebody else", { ...two, requester: "mallory" }],
  ])("A request %s is none", (_, other) => {
    expect(areTogether(one, other)).toBe(false);
  });
});

describe("The order in which they are shown", () => {
  it("The most powerful is first: by access, then by scope, then by time", () => {
    const terms = [
      { access: policy("View", "a"), durationSeconds: 60 },
      { access: policy("Edit", "a"), durationSeconds: 60 },
      { access: policy("Edit", "a"), durationSeconds: 90 },
      { access: policy("Edit"), durationSeconds: 30 },
      { access: { groups: ["any"] }, durationSeconds: 30 },
      { access: policy("ClusterAdmin"), durationSeconds: 30 },
    ];
    expect(mostPowerfulFirst(terms)).toEqual([5, 4, 3, 2, 1, 0].map((at) => terms[at]));
  });

  it("Equal ones keep their order", () => {
    const terms = ["a", "b"].map((name) => ({ access: policy("View", name), durationSeconds: 60 }));
    expect(mostPowerfulFirst(terms)).toEqual(terms);
  });
});
