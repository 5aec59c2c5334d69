/** CloudFormation's adapter of the command, against that of the sandbox. */
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { deployedStacks, deployedStacksOf } from "../../../cli/deployment/deployed-stacks.ts";
import { ACCOUNT, FAR_REGION, REGION, SPOKE_ACCOUNT } from "../../../lab/sandbox/world/account.ts";
import { profileCredential } from "../../../lab/sandbox/world/people.ts";
import { deployedStacksContract } from "../../contracts/deployed-stacks.contract.ts";
import {
  bootstrappedWorld,
  deployed,
  rolesTemplate,
} from "../../lab/sandbox/stack/cloudformation-world.ts";

let world: Awaited<ReturnType<typeof bootstrappedWorld>>;
beforeAll(async () => {
  world = await bootstrappedWorld();
  vi.stubEnv("AWS_ENDPOINT_URL", world.url);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await world.close();
});

/** As whom the command works: the administrator of the broker's account, unless a test says otherwise. */
const as = (person: string) => {
  const key = profileCredential(world.state.iam.state, person);
  if (!key) throw new Error(`${person} has no key.`);
  const { accessKeyId, secretAccessKey, sessionToken = "" } = key;
  return deployedStacks({
    credentials: async () => ({ accessKeyId, secretAccessKey, sessionToken }),
  });
};

let count = 0;
const placeOf = (account: string, region: string, name: string) => ({
  name,
  account,
  region,
  lookupRole: undefined,
  deployRole: `arn:aws:iam::${account}:role/cdk-hnb659fds-deploy-role-${account}-${region}`,
  executionRole: `arn:aws:iam::${account}:role/cdk-hnb659fds-cfn-exec-role-${account}-${region}`,
  versionParameter: "/cdk-bootstrap/hnb659fds/version",
});

for (const region of [REGION, FAR_REGION])
  deployedStacksContract(`deployedStacks, of another account in ${region},`, async () => {
    count += 1;
    const StackName = `Probe-${count}`;
    const call = region === REGION ? world.spokeAdmin : world.remoteAdmin;
    const other = region === REGION ? FAR_REGION : REGION;
    const remove = async () => {
      await call("UpdateTerminationProtection", {
        StackName,
        EnableTerminationProtection: "false",
      });
      await call("DeleteStack", { StackName });
    };
    return {
      stacks: as("admin"),
      here: placeOf(SPOKE_ACCOUNT, region, StackName),
      elsewhere: placeOf(SPOKE_ACCOUNT, other, StackName),
      unreachable: placeOf("999999999999", region, StackName),
      unprepared: {
        ...placeOf(ACCOUNT, region, StackName),
        deployRole: undefined,
        versionParameter: "/cdk-bootstrap/other/version",
      },
      async deploy({ template, isProtected }) {
        const made = await deployed(call, StackName, template);
        expect(made.first("StackStatus")).toBe("CREATE_COMPLETE");
        await call("UpdateTerminationProtection", {
          StackName,
          EnableTerminationProtection: String(isProtected),
        });
      },
      async fail(template) {
        await deployed(call, StackName, template);
        return `${world.url}/${SPOKE_ACCOUNT}/${StackName}-Kept`;
      },
      remove,
    };
  });

it("Keys that may not assume the role of the bootstrap are used themselves in their own account", async () => {
  const place = {
    ...placeOf(ACCOUNT, REGION, "Own"),
    deployRole: "arn:aws:iam::111122223333:role/none",
  };
  expect(await as("admin").read(place)).toBeUndefined();
});

it("A stack of an account without a bootstrap is deleted by the caller", async () => {
  const none = "arn:aws:iam::111122223333:role/none";
  const place = { ...placeOf(ACCOUNT, REGION, "Bare"), deployRole: none, executionRole: none };
  await deployed(world.admin, "Bare", rolesTemplate({ Bare: `arn:aws:iam::${ACCOUNT}:root` }));
  expect(await as("admin").read(place)).toBeDefined();
  await as("admin").remove(place);
  expect(await as("admin").read(place)).toBeUndefined();
});

it("With credentials of each account, each stack is worked on with those of its own", async () => {
  const asked: string[] = [];
  const key = profileCredential(world.state.iam.state, "admin") ?? expect.fail();
  const credentials = async () => ({ sessionToken: "", ...key });
  const stacks = deployedStacksOf((account) => {
    asked.push(account);
    return { credentials, region: REGION };
  });
  for (const account of [ACCOUNT, SPOKE_ACCOUNT])
    expect(await stacks.read(placeOf(account, REGION, "Nowhere"))).toBeUndefined();
  expect(asked).toEqual([ACCOUNT, SPOKE_ACCOUNT]);
});

it("Nothing is known against a place whose version the caller may not read", async () => {
  const place = { ...placeOf(ACCOUNT, REGION, "Own"), deployRole: undefined };
  expect(await as("mallory").hindrance(place)).toBeUndefined();
});

it("A caller who may not read stacks is refused with what is needed, in place of no stack", async () => {
  const failure = await as("mallory")
    .read({ ...placeOf(ACCOUNT, REGION, "Own"), deployRole: undefined })
    .catch((error) => error);
  expect(failure).toMatchObject({ exit: "refused", code: "stack-unread" });
  expect(failure.message).toContain("cloudformation:DescribeStacks");
});
