import { describe, expect, it } from "vitest";
import { aPolicy, aRequest } from "../../../../lab/fakes/builders.ts";
import { decideInMember } from "../../../../shared/http/server/request-answer.ts";

describe("where a request may be decided", () => {
  const policy = aPolicy();
  const request = aRequest();
  const under = (decideIn: readonly ("api" | "slack")[]) => ({
    ...policy,
    rules: policy.rules.map((rule) => ({ ...rule, decideIn })),
  });

  it("A pending request says where today's rule lets people decide", () => {
    expect(decideInMember(under(["api"]), request)).toEqual({ decideIn: ["api"] });
    expect(decideInMember(under(["api", "slack"]), request)).toEqual({
      decideIn: ["api", "slack"],
    });
  });

  it("A request that is decided, or whose rule is gone, says nothing of it", () => {
    expect(decideInMember(policy, { ...request, state: "active" })).toEqual({});
    expect(decideInMember(policy, { ...request, rule: "gone" })).toEqual({});
  });
});
