/** The doctor's view of IAM, on the roles of the synthesized stack behind the emulated port. */
import { DeleteRolePolicyCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { accountSight } from "../../../../cli/doctor/aws/account-sight.ts";
import { brokerSight } from "../../../../cli/doctor/aws/broker-sight.ts";
import type { Patient } from "../../../../cli/doctor/check-result.ts";
import { iamDrift } from "../../../../cli/doctor/checks/iam-drift.ts";
import { Unread } from "../../../../cli/doctor/sights.ts";
import type { CloudFormationContext } from "../../../../lab/sandbox/aws/cloudformation/context.ts";
import { newStack } from "../../../../lab/sandbox/aws/cloudformation/new-stack.ts";
import { cloudFormationService } from "../../../../lab/sandbox/aws/cloudformation/service.ts";
import type { CloudFormationState } from "../../../../lab/sandbox/aws/cloudformation/state.ts";
import { memoryStore } from "../../../../lab/sandbox/aws/store.ts";
import { ACCOUNT, broker, REGION, SAMPLE } from "../../../infra/broker.ts";
import { type BrokerAccount, brokerAccount } from "../../../lab/sandbox/stack/broker-account.ts";
import { signAs } from "../sign-as.ts";

const AT = "2026-11-28T07:00:00.000Z";
let account: BrokerAccount;

/** The broker's stack, deployed from its template. */
const stacks: CloudFormationState = { stacks: [] };
const context = {
  cloudFormation: memoryStore(stacks),
  account: ACCOUNT,
  region: REGION,
} as unknown as CloudFormationContext;

beforeAll(async () => {
  account = await brokerAccount([cloudFormationService(context)]);
  const stack = newStack(context, "Timelatch", AT);
  stacks.stacks.push(
    Object.assign(stack, {
      status: "CREATE_COMPLETE",
      input: {
        template: JSON.stringify(broker().template),
        parameters: {},
        capabilities: [],
        tags: [],
      },
      resources: account.stack.members.map(({ logicalId, type, id }) => ({
        logicalId,
        type,
        physicalId: id,
        at: AT,
        status: "CREATE_COMPLETE",
        isRetained: false,
      })),
    }),
  );
  vi.stubEnv("AWS_ENDPOINT_URL", account.url);
  signAs(account, "admin");
});
afterAll(() => {
  vi.unstubAllEnvs();
  account.close();
});

const look = () =>
  iamDrift.look({
    policy: SAMPLE,
    deployment: "timelatch",
    account: ACCOUNT,
    region: REGION,
    broker: brokerSight({ region: REGION }),
    others: new Map(),
  } as unknown as Patient);

const RoleName = "timelatch-converge";
const iam = () => account.asPerson("admin").iam;
const put = (PolicyName: string, document: object) =>
  iam().send(
    new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: JSON.stringify(document) }),
  );
const rights = () => accountSight({ region: REGION }).roleRights(RoleName);

/** The policy that the template gives converge. */
async function ownPolicy() {
  const [[name, document] = []] = [...((await rights())?.inline ?? [])];
  if (name === undefined) throw new Error("Converge has no policy of its own.");
  return { name, document: document as { Version: string; Statement: object[] } };
}

describe("The roles of a deployed stack", () => {
  it("Are as the template has them, every name in it found", async () => {
    const roles = account.stack.roles.filter(({ name }) => name !== "timelatch-fuse").length;
    expect(await look()).toEqual([
      {
        ok: true,
        subject: ACCOUNT,
        says: `all ${roles} roles of Timelatch are as it has them`,
      },
    ]);
    expect(roles).toBeGreaterThan(10);
  });

  it("A policy that somebody added is found, and is no finding once it is gone", async () => {
    await put("by-hand", {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "eks:*", Resource: "*" }],
    });
    expect(await look()).toMatchObject([
      { ok: false, says: `${RoleName}: it has the policy by-hand, which is not the stack's` },
    ]);
    await iam().send(new DeleteRolePolicyCommand({ RoleName, PolicyName: "by-hand" }));
    expect(await look()).toMatchObject([{ ok: true }]);
  });

  it("A statement that somebody took away or widened is found, and turned order is not", async () => {
    const { name, document } = await ownPolicy();
    const [first, ...others] = document.Statement;
    const changed = (...Statement: readonly object[]) => put(name, { ...document, Statement });
    await changed(...others);
    const sid = (first as { Sid?: string }).Sid ?? "Allow";
    expect(await look()).toMatchObject([
      {
        says: expect.stringMatching(`^${RoleName}: its policy ${name} is not .*: it lacks ${sid}`),
      },
    ]);
    await changed({ ...first, Resource: "*" }, ...others);
    expect(await look()).toMatchObject([
      { says: expect.stringMatching(/it lacks .*, and it has .* on \*/) },
    ]);
    await changed(
      ...others.toReversed(),
      Object.fromEntries(Object.entries(first ?? {}).reverse()),
    );
    expect(await look()).toMatchObject([{ ok: true }]);
  });

  it("A policy that somebody deleted is found", async () => {
    const { name, document } = await ownPolicy();
    await iam().send(new DeleteRolePolicyCommand({ RoleName, PolicyName: name }));
    expect(await look()).toMatchObject([{ says: `${RoleName}: it lacks the policy ${name}` }]);
    await put(name, document);
  });

  it("A caller who may not read it learns by which error AWS refused", async () => {
    signAs(account, "bob");
    await expect(look()).rejects.toBeInstanceOf(Unread);
    signAs(account, "admin");
  });
});

describe("Missing resources", () => {
  it("Neither a stack nor a role has contents", async () => {
    const sight = accountSight({ region: REGION });
    expect(await sight.stackContents("Other", REGION)).toBeUndefined();
    expect(await sight.roleRights("nobody-made-it")).toBeUndefined();
  });
});
