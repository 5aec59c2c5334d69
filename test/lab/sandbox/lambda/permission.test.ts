import { describe, expect, it } from "vitest";
import { mayInvoke } from "../../../../lab/sandbox/lambda/permission.ts";

const GATEWAY = "apigateway.amazonaws.com";
const API = "arn:aws:execute-api:us-west-2:111122223333:abc";

const may = (
  sourceArn: string | undefined,
  asked: string,
  { functionArn = "fn", principal = GATEWAY } = {},
) =>
  mayInvoke(
    [{ functionArn: "fn", principal: GATEWAY, ...(sourceArn ? { sourceArn } : {}) }],
    functionArn,
    principal,
    asked,
  );

describe("a permission to invoke", () => {
  it.each([
    ["the very resource", `${API}/$default/GET/v1`, `${API}/$default/GET/v1`, true],
    [
      "wildcards in place of stage and method",
      `${API}/*/*/v1/{id}`,
      `${API}/$default/GET/v1/{id}`,
      true,
    ],
    ["one character each", `${API}/?`, `${API}/x`, true],
    ["not another path", `${API}/*/*/v1`, `${API}/$default/GET/v2`, false],
    ["not a longer path", `${API}/$default/GET/v1`, `${API}/$default/GET/v1/x`, false],
    [
      "not another account by a wildcard of another part",
      "arn:aws:execute-api:*:abc/*",
      `${API}/x`,
      false,
    ],
    ["a dot only for a dot", `${API}/a.b`, `${API}/axb`, false],
  ])("A permission to invoke holds for %s", (_what, pattern, asked, expected) => {
    expect(may(pattern, asked)).toBe(expected);
  });

  it("A permission to invoke without a source holds for every resource of the service", () => {
    expect(may(undefined, `${API}/x`)).toBe(true);
  });

  it("A permission to invoke holds only for its function and its service", () => {
    expect(may(undefined, API, { functionArn: "another" })).toBe(false);
    expect(may(undefined, API, { principal: "events.amazonaws.com" })).toBe(false);
  });
});
