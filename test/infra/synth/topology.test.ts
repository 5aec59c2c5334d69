import { describe, expect, it } from "vitest";
import { topologyOf } from "../../../infra/synth/topology.ts";
import { parseAccessPolicy } from "../../../shared/policy-file/parse-access-policy.ts";
import { ACCOUNT, REGION } from "../broker.ts";

const OTHER = "999999999999";
/** A cluster in one account, and where one is said to be a second, which is retired, in another. */
const policyOf = (accounts: readonly string[], identity?: { readonly account: string }) =>
  parseAccessPolicy(
    JSON.stringify({
      version: 1,
      ...(identity ? { identity } : {}),
      clusters: Object.fromEntries(
        accounts.map((account, at) => [
          `c${at}`,
          {
            arn: `arn:aws:eks:${at === 0 ? "us-west-2" : "eu-west-1"}:${account}:cluster/c${at}`,
            retired: at === 1,
          },
        ]),
      ),
      people: {},
      rules: [],
    }),
  );
const ONE_ACCOUNT = policyOf([ACCOUNT]);
const twoAccounts = (identity?: { readonly account: string }) =>
  policyOf([ACCOUNT, OTHER], identity);
const HUB = { account: ACCOUNT, region: REGION };
const SPOKE = { partition: "aws", account: OTHER, regions: ["eu-west-1"] };

describe("The accounts of a deployment", () => {
  it("The broker's stack makes the grantor roles of its own account", () => {
    expect(topologyOf(ONE_ACCOUNT, HUB)).toEqual({
      hub: ACCOUNT,
      own: ACCOUNT,
      partition: "aws",
      region: REGION,
      remoteRegions: [],
      spokes: [],
      groups: [],
    });
  });

  it("A stack for any account is for the one that has the clusters", () => {
    expect(topologyOf(ONE_ACCOUNT, undefined)).toEqual({
      hub: ACCOUNT,
      own: ACCOUNT,
      partition: "aws",
      region: undefined,
      remoteRegions: [],
      spokes: [],
      groups: [],
    });
  });

  it("Every other account with clusters is a spoke, also one with only a retired cluster", () => {
    expect(topologyOf(twoAccounts(), HUB)).toEqual({
      hub: ACCOUNT,
      own: ACCOUNT,
      partition: "aws",
      region: REGION,
      remoteRegions: [],
      spokes: [SPOKE],
      groups: [],
    });
  });

  it("Other regions of the broker's account are remote, and a spoke has all of its regions", () => {
    const spread = policyOf([ACCOUNT, ACCOUNT, ACCOUNT]);
    expect(topologyOf(spread, HUB).remoteRegions).toEqual(["eu-west-1"]);
    const { spokes } = topologyOf(
      policyOf([OTHER, OTHER, OTHER, ACCOUNT], { account: ACCOUNT }),
      HUB,
    );
    expect(spokes).toEqual([{ ...SPOKE, regions: ["us-west-2", "eu-west-1"] }]);
  });

  it("identity.account says which account a stack for any account is for", () => {
    const { hub, own } = topologyOf(policyOf([OTHER], { account: OTHER }), undefined);
    expect([hub, own]).toEqual([OTHER, OTHER]);
  });

  it.each([
    ["accounts", twoAccounts({ account: OTHER })],
    ["regions", policyOf([ACCOUNT, ACCOUNT])],
  ])(
    "A stack that fits any region is refused where clusters are in several %s",
    (_what, policy) => {
      expect(() => topologyOf(policy, undefined)).toThrow(
        /the broker's own region is not known\. Nothing was synthesized\. Set CDK_DEFAULT_ACCOUNT and CDK_DEFAULT_REGION\.$/,
      );
    },
  );

  it("A broker may be in an account without clusters, if the file says so", () => {
    const { own, spokes } = topologyOf(twoAccounts({ account: "888888888888" }), {
      account: "888888888888",
      region: REGION,
    });
    expect(own).toBeUndefined();
    expect(spokes.map(({ account }) => account)).toEqual([ACCOUNT, OTHER]);
  });

  it("An account without clusters that the file does not name is probably a mistake", () => {
    expect(() => topologyOf(ONE_ACCOUNT, { account: OTHER, region: REGION })).toThrow(
      `The stack is for account ${OTHER}, which has no cluster of the policy: they are in ${ACCOUNT}. Nothing was synthesized. Check CDK_DEFAULT_ACCOUNT.`,
    );
  });

  it("A stack for any account is refused where clusters are in several", () => {
    expect(() => topologyOf(twoAccounts(), undefined)).toThrow(
      `${ACCOUNT} and ${OTHER}, and the broker's own account is not known. Nothing was synthesized. Write identity.account`,
    );
  });
});
