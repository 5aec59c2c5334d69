import { describe, expect, it } from "vitest";
import { topologyOf } from "../../infra/synth/topology.ts";
import { parseAccessPolicy } from "../../shared/policy-file/parse-access-policy.ts";
import { ACCOUNT } from "./broker.ts";

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
const SPOKE = { partition: "aws", account: OTHER, region: "eu-west-1" };

describe("The accounts of a deployment", () => {
  it("The broker's stack makes the grantor roles of its own account", () => {
    expect(topologyOf(ONE_ACCOUNT, ACCOUNT)).toEqual({ hub: ACCOUNT, own: ACCOUNT, spokes: [] });
  });

  it("A stack for any account is for the one that has the clusters", () => {
    expect(topologyOf(ONE_ACCOUNT, undefined)).toEqual({ hub: ACCOUNT, own: ACCOUNT, spokes: [] });
  });

  it("Every other account with clusters is a spoke, also one with a retired cluster alone", () => {
    expect(topologyOf(twoAccounts(), ACCOUNT)).toEqual({
      hub: ACCOUNT,
      own: ACCOUNT,
      spokes: [SPOKE],
    });
  });

  it("identity.account says where a stack for any account is", () => {
    const { hub, own, spokes } = topologyOf(twoAccounts({ account: OTHER }), undefined);
    expect([hub, own, spokes.map(({ account }) => account)]).toEqual([OTHER, OTHER, [ACCOUNT]]);
  });

  it("A broker may be in an account without clusters, if the file says so", () => {
    const { own, spokes } = topologyOf(twoAccounts({ account: "888888888888" }), "888888888888");
    expect(own).toBeUndefined();
    expect(spokes.map(({ account }) => account)).toEqual([ACCOUNT, OTHER]);
  });

  it("An account without clusters that the file does not name is probably a mistake", () => {
    expect(() => topologyOf(ONE_ACCOUNT, OTHER)).toThrow(
      `The stack is for account ${OTHER}, which has no cluster of the policy: they are in ${ACCOUNT}. Nothing was synthesized. Check CDK_DEFAULT_ACCOUNT.`,
    );
  });

  it("A stack for any account is refused where clusters are in several", () => {
    expect(() => topologyOf(twoAccounts(), undefined)).toThrow(
      `${ACCOUNT} and ${OTHER}, and the broker's own account is not known. Nothing was synthesized. Write identity.account`,
    );
  });
});
