import { describe, expect, it } from "vitest";
import { demandTrustedPrincipals } from "../../../sandbox/stack/trusted-principals.ts";
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
  it("Trust in a role that exists, is in the same stack or in an earlier one is accepted", () => {
    const stacks = [
      { name: "First", roles: [role("a", arnOf("before"), arnOf("b")), role("b")] },
      { name: "Second", roles: [role("c", arnOf("a"))] },
    ];
    expect(() => demandTrustedPrincipals([arnOf("before")], stacks)).not.toThrow();
  });

  it("Trust in an account's root needs no role", () => {
    const stacks = [{ name: "Spoke", roles: [role("a", "arn:aws:iam::999999999999:root")] }];
    expect(() => demandTrustedPrincipals([], stacks)).not.toThrow();
  });

  it.each([
    ["does not exist", arnOf("nobody")],
    ["is in a later stack", arnOf("later")],
    ["is in another account and does not exist", arnOf("converge", "999999999999")],
  ])("Trust in a role that %s is refused in IAM's words", (_why, principal) => {
    const stacks = [
      { name: "Spoke", roles: [role("grantor", principal)] },
      { name: "Later", roles: [role("later")] },
    ];
    expect(() => demandTrustedPrincipals([], stacks)).toThrow(
      `Spoke: the role grantor could not be made. MalformedPolicyDocument: Invalid principal in policy: "AWS":"${principal}".`,
    );
  });
});
