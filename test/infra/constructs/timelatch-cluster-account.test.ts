import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { App, type Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { afterAll, describe, expect, it } from "vitest";
import { Timelatch } from "../../../infra/constructs/timelatch.ts";
import { TimelatchClusterAccount } from "../../../infra/constructs/timelatch-cluster-account.ts";

const folder = mkdtempSync(path.join(tmpdir(), "timelatch-account-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HUB = { account: "111122223333", region: "us-west-2" };
const [ONE, OTHER] = ["444455556666", "999988887777"] as const;
const access = path.join(folder, "access.yaml");

/** The sample, with clusters in two further accounts, one of them in two regions. */
function writePolicy(): void {
  const places = [`us-west-2:${ONE}`, `eu-west-1:${ONE}`, `us-west-2:${OTHER}`];
  const lines = places.map(
    (place, at) => `  far${at}: { arn: "arn:aws:eks:${place}:cluster/far" }`,
  );
  const text = readFileSync("access.yaml", "utf8").replace(
    "clusters:\n",
    `clusters:\n${lines.join("\n")}\n`,
  );
  writeFileSync(access, text.replace("clusters: [prod]", "clusters: [prod, far0, far1, far2]"));
}

const appOf = () =>
  new App({
    context: { "aws:cdk:bundling-stacks": [] },
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
  });
const templatesOf = (stacks: readonly Stack[]) =>
  Object.fromEntries(stacks.map((stack) => [stack.stackName, Template.fromStack(stack).toJSON()]));

describe("the construct for one account with clusters", () => {
  it("makes what the whole deployment makes for that account, and nothing else", () => {
    writePolicy();
    const whole = appOf();
    new Timelatch(whole, { access, env: HUB });
    const ofAccount = whole.node.children.filter(
      (child): child is Stack => "stackName" in child && (child as Stack).account === ONE,
    );
    const { before, after } = new TimelatchClusterAccount(appOf(), {
      access,
      account: ONE,
      broker: HUB,
    });
    expect(before.map(({ stackName }) => stackName)).toEqual([
      `TimelatchAccount-${ONE}`,
      `TimelatchAccount-${ONE}-eu-west-1`,
    ]);
    expect(after.map(({ stackName }) => stackName)).toEqual([
      `TimelatchPeople-${ONE}-1`,
      ...[`TimelatchForward-${ONE}-us-west-2`, `TimelatchForward-${ONE}-eu-west-1`],
    ]);
    expect(templatesOf([...before, ...after])).toEqual(templatesOf(ofAccount));
    // It bundles every function, for which a busy machine needs its time.
  });

  it.each([HUB.account, "123456789012"])("refuses an account that is no spoke: %s", (account) => {
    expect(() => new TimelatchClusterAccount(appOf(), { access, account, broker: HUB })).toThrow(
      `Account ${account} is no other account with clusters of the policy: ${ONE} and ${OTHER} are. Nothing was synthesized.`,
    );
  });
});
