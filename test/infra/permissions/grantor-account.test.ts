import { describe, expect, it } from "vitest";
import { grantorAccount } from "../../../infra/permissions/grantor-account.ts";
import { ACCOUNT, SAMPLE, sampleWith } from "../broker.ts";

const OTHER = "999999999999";
/** One cluster of the sample is in another account. */
const TWO_ACCOUNTS = sampleWith(({ clusters }) =>
  Object.assign(clusters["staging"] ?? {}, {
    arn: `arn:aws:eks:us-west-2:${OTHER}:cluster/staging`,
    retired: true,
  }),
);

describe("the account whose grantor roles the stack makes", () => {
  it("the stack makes the roles of its own account", () => {
    expect(grantorAccount(SAMPLE, ACCOUNT, [])).toBe(ACCOUNT);
  });

  it("a stack for any account is for the one that has the clusters", () => {
    expect(grantorAccount(SAMPLE, undefined, [])).toBe(ACCOUNT);
    expect(grantorAccount(TWO_ACCOUNTS, undefined, [OTHER])).toBe(ACCOUNT);
  });

  it("a stack for the wrong account is refused, with the account that it should be for", () => {
    expect(() => grantorAccount(SAMPLE, OTHER, [])).toThrow(
      `The stack is for account ${OTHER}, and clusters of the policy are in ${ACCOUNT}`,
    );
  });

  it("a cluster of another account needs its account in the list, also a retired cluster", () => {
    expect(() => grantorAccount(TWO_ACCOUNTS, ACCOUNT, [])).toThrow(
      `TIMELATCH_GRANTORS_ELSEWHERE=${OTHER}.`,
    );
    expect(grantorAccount(TWO_ACCOUNTS, ACCOUNT, [OTHER])).toBe(ACCOUNT);
  });

  it("a stack for any account is refused where clusters are in several", () => {
    expect(() => grantorAccount(TWO_ACCOUNTS, undefined, [])).toThrow(
      `${ACCOUNT} and ${OTHER}, and the broker's own account is not known`,
    );
  });

  it("a stack without clusters in its account makes no roles", () => {
    expect(grantorAccount(TWO_ACCOUNTS, "888888888888", [ACCOUNT, OTHER])).toBeUndefined();
    expect(grantorAccount(SAMPLE, undefined, [ACCOUNT])).toBeUndefined();
  });
});
