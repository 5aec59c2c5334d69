import { describe, expect, it } from "vitest";
import { refusedTrust } from "../../../sandbox/stack/trusted-principals.ts";
import type { RoleResource } from "../../../sandbox/template/stack.ts";

const arnOf = (name: string, account = "111122223333") => `arn:aws:iam::${account}:role/${name}`;

/** A role that trusts these principals. */
const role = (name: string, ...AWS: readonly string[]): RoleResource => ({
  ...{ name, arn: arnOf(name), path: "/", maxSessionSeconds: 3600, policies: {} },
  trustPolicy: {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: [...AWS] } }],
  },
});

describe("Trust in a role", () => {
  it("Trust in a role that exists or is in the same stack is accepted", () => {
    const roles = [role("a", arnOf("before"), arnOf("b")), role("b")];
    expect(refusedTrust([arnOf("before")], roles)).toBeUndefined();
  });

  it("Trust in an account's root needs no role", () => {
    expect(refusedTrust([], [role("a", "arn:aws:iam::999999999999:root")])).toBeUndefined();
  });

  it.each([
    ["does not exist", arnOf("nobody")],
    ["is in another account and does not exist", arnOf("converge", "999999999999")],
  ])("Trust in a role that %s is refused in IAM's words", (_why, principal) => {
    expect(refusedTrust([], [role("before"), role("grantor", principal)])).toMatchObject({
      role: { name: "grantor" },
      reason: `MalformedPolicyDocument: Invalid principal in policy: "AWS":"${principal}"`,
    });
  });
});
