/** StackSets with self-managed permissions, as their callers see them, and what is in the target accounts afterwards. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  ACCOUNT,
  FAR_REGION,
  REGION,
  SPOKE_ACCOUNT,
} from "../../../../lab/sandbox/world/account.ts";
import {
  type Answered,
  type Call,
  cloudFormationWorld,
  deployed,
  rolesTemplate,
} from "./cloudformation-world.ts";
import { administrationRole, executionRole } from "./stack-set-roles.ts";

let world: Awaited<ReturnType<typeof cloudFormationWorld>>;
let admin: Call;
beforeEach(async () => {
  world = await cloudFormationWorld();
  admin = world.admin;
});
afterEach(() => world.close());

const SPOKE_ROOT = `arn:aws:iam::${SPOKE_ACCOUNT}:root`;
const StackSetName = "Roles";
const TemplateBody = rolesTemplate({ One: SPOKE_ROOT });
const NAMED = { "Capabilities.member.1": "CAPABILITY_NAMED_IAM" };
const SPOKE = { "Accounts.member.1": SPOKE_ACCOUNT, "Regions.member.1": REGION };
const QUEUE = { Queue: { Type: "AWS::SQS::Queue", Properties: { QueueName: "of-the-set" } } };
const QUEUES = JSON.stringify({ Resources: QUEUE });

const refusal = ({ status, first }: Answered) => `${status} ${first("Code")}: ${first("Message")}`;
const roleIn = (account: string, name: string) =>
  world.state.iam.state.roles[`arn:aws:iam::${account}:role/${name}`];
const stacksOfSets = () =>
  world.state.cloudFormation.state.stacks.filter(({ name }) => name.startsWith("StackSet-"));

/** Both roles; a target's that may do less, where it is given. */
async function roles(execution: string = executionRole()) {
  await deployed(admin, "Administration", administrationRole());
  await deployed(world.spokeAdmin, "Execution", execution);
}

const created = (more: Readonly<Record<string, string>> = {}, call = admin) =>
  call("CreateStackSet", { StackSetName, TemplateBody, ...NAMED, ...more });
const deployedTo = (places: Readonly<Record<string, string>> = SPOKE) =>
  admin("CreateStackInstances", { StackSetName, ...places });
const removed = (RetainStacks: string, places: Readonly<Record<string, string>> = SPOKE) =>
  admin("DeleteStackInstances", { StackSetName, RetainStacks, ...places });

/**
 * The result of the latest operation: its status, and that of each account and region, with the
 * reason.
 */
async function latest() {
  const { first } = await admin("ListStackSetOperations", { StackSetName });
  const OperationId = first("OperationId");
  const results = await admin("ListStackSetOperationResults", { StackSetName, OperationId });
  const each = [...results.text.matchAll(/<member>(.*?)<\/member>/g)].map(([, text = ""]) => {
    const one = (name: string) => new RegExp(`<${name}>(.*?)</${name}>`).exec(text)?.[1] ?? "";
    return [one("Account"), one("Region"), one("Status"), one("StatusReason")].join(" ").trim();
  });
  return [
    `${first("Action")} ${first("Status")}`,
    ...each.map((one) => one.replaceAll("&apos;", "'")),
  ];
}

/** The first instance, as it is described. */
async function instance(StackInstanceRegion = REGION) {
  const { first } = await admin("DescribeStackInstance", {
    StackSetName,
    StackInstanceAccount: SPOKE_ACCOUNT,
    StackInstanceRegion,
  });
  return [first("Status"), first("DetailedStatus"), first("StatusReason")].join(" ").trim();
}

describe("The life of a stack set", () => {
  it("A set is made, put into an account, updated, taken away and deleted", async () => {
    await roles();
    const made = await created({ Description: "Roles of each account" });
    const id = made.first("StackSetId");
    expect(id).toMatch(/^Roles:[0-9a-f-]{36}$/);
    expect(stacksOfSets()).toEqual([]);

    const operation = { StackSetName, OperationId: "first-operation" };
    const answer = await admin("CreateStackInstances", { ...operation, ...SPOKE });
    expect(answer.first("OperationId")).toBe("first-operation");
    expect(roleIn(SPOKE_ACCOUNT, "probe-one")).toBeDefined();
    expect(roleIn(ACCOUNT, "probe-one")).toBeUndefined();
    const [stack] = stacksOfSets();
    expect(stack?.name).toMatch(/^StackSet-Roles-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(stack).toMatchObject({ account: SPOKE_ACCOUNT, status: "CREATE_COMPLETE" });
    expect(await latest()).toEqual([
      "CREATE SUCCEEDED",
      `${SPOKE_ACCOUNT} us-west-2 SUCCEEDED Function not found: arn:aws:lambda:us-west-2:${SPOKE_ACCOUNT}:function:AWSCloudFormationStackSetAccountGate`,
    ]);
    const { first } = await admin("DescribeStackSetOperation", operation);
    expect([first("StackSetId"), first("Status"), first("FailedStackInstancesCount")]).toEqual([
      ...[id, "SUCCEEDED", "0"],
    ]);

    const Tags = { "Tags.member.1.Key": "team", "Tags.member.1.Value": "platform" };
    const two = rolesTemplate({ One: SPOKE_ROOT, Two: SPOKE_ROOT });
    await admin("UpdateStackSet", { StackSetName, TemplateBody: two, ...NAMED, ...Tags });
    expect(roleIn(SPOKE_ACCOUNT, "probe-two")).toBeDefined();
    expect(stacksOfSets()).toEqual([stack]);
    expect(stack).toMatchObject({ status: "UPDATE_COMPLETE" });
    expect(await instance()).toBe("CURRENT SUCCEEDED");
    await admin("UpdateStackSet", { StackSetName, UsePreviousTemplate: "true", ...NAMED });
    const described = await admin("DescribeStackSet", { StackSetName: id });
    expect(described.first("TemplateBody")).toBe(two);
    expect(described.text).toContain("<Key>team</Key><Value>platform</Value>");
    expect(described.first("Description")).toBe("Roles of each account");
    expect(described.first("AdministrationRoleARN")).toBe(
      `arn:aws:iam::${ACCOUNT}:role/AWSCloudFormationStackSetAdministrationRole`,
    );

    expect(refusal(await admin("DeleteStackSet", { StackSetName }))).toBe(
      "409 StackSetNotEmptyException: StackSet is not empty",
    );
    await removed("false");
    expect(stack).toMatchObject({ status: "DELETE_COMPLETE" });
    expect(roleIn(SPOKE_ACCOUNT, "probe-one")).toBeUndefined();
    expect((await latest())[0]).toBe("DELETE SUCCEEDED");
    const left = await admin("ListStackInstances", { StackSetName });
    expect(left.all("Account")).toEqual([]);
    expect((await admin("DeleteStackSet", { StackSetName })).status).toBe(200);
    expect((await admin("DeleteStackSet", { StackSetName })).status).toBe(200);
    expect(refusal(await admin("DescribeStackSet", { StackSetName }))).toBe(
      "404 StackSetNotFoundException: StackSet Roles not found",
    );
    const sets = await admin("ListStackSets");
    expect([sets.first("StackSetId"), sets.first("Status")]).toEqual([id, "DELETED"]);
    expect((await admin("ListStackSets", { Status: "ACTIVE" })).all("Status")).toEqual([]);
  });

  it("One set has stacks in several accounts and regions, one region after another", async () => {
    await roles();
    await deployed(admin, "Execution", executionRole());
    await created({ TemplateBody: QUEUES });
    await deployedTo({
      "Accounts.member.1": SPOKE_ACCOUNT,
      "Accounts.member.2": ACCOUNT,
      "Regions.member.1": FAR_REGION,
      "Regions.member.2": REGION,
    });
    const [, ...results] = await latest();
    expect(results.map((one) => one.split(" ").slice(0, 3).join(" "))).toEqual([
      `${SPOKE_ACCOUNT} eu-west-1 SUCCEEDED`,
      `${ACCOUNT} eu-west-1 SUCCEEDED`,
      `${SPOKE_ACCOUNT} us-west-2 SUCCEEDED`,
      `${ACCOUNT} us-west-2 SUCCEEDED`,
    ]);
    const { all } = await admin("ListStackInstances", {
      StackSetName,
      StackInstanceRegion: FAR_REGION,
    });
    expect(all("Account")).toEqual([SPOKE_ACCOUNT, ACCOUNT]);
    expect((await world.spokeAdmin("ListStackSets")).all("StackSetName")).toEqual([]);
  });

  it("A stack that is retained stays, and no role is needed to leave it", async () => {
    await roles();
    await created();
    await deployedTo();
    await world.spokeAdmin("DeleteStack", { StackName: "Execution" });
    await removed("true");
    expect((await latest())[0]).toBe("DELETE SUCCEEDED");
    expect(stacksOfSets()[0]).toMatchObject({ status: "CREATE_COMPLETE" });
    expect((await admin("DeleteStackSet", { StackSetName })).status).toBe(200);
  });

  it("The same call again, with its token, makes no second set", async () => {
    const token = { ClientRequestToken: "once" };
    const id = (await created(token)).first("StackSetId");
    expect((await created(token)).first("StackSetId")).toBe(id);
    expect((await created({ ClientRequestToken: "twice" })).first("Code")).toBe(
      "NameAlreadyExistsException",
    );
  });

  it("An account may have instances made again, which changes nothing", async () => {
    await roles();
    await created();
    await deployedTo();
    const events = stacksOfSets()[0]?.events.length;
    await deployedTo();
    expect((await latest())[0]).toBe("CREATE SUCCEEDED");
    expect(stacksOfSets().map((stack) => stack.events.length)).toEqual([events]);
  });
});

describe("Roles of StackSets", () => {
  const NO_ADMINISTRATION = `Account ${ACCOUNT} should have 'AWSCloudFormationStackSetAdministrationRole' role with trust relationship to CloudFormation service.`;
  const NO_EXECUTION = `Account ${SPOKE_ACCOUNT} should have 'AWSCloudFormationStackSetExecutionRole' role with trust relationship to Role 'AWSCloudFormationStackSetAdministrationRole'.`;
  const cases: readonly (readonly [string, () => Promise<unknown>, string, string])[] = [
    [
      "the administrator account has no role",
      () => deployed(world.spokeAdmin, "Execution", executionRole()),
      NO_ADMINISTRATION,
      "FAILED",
    ],
    [
      "the administrator account's role is for stack sets of another one",
      async () => {
        await deployed(admin, "Administration", administrationRole(SPOKE_ACCOUNT));
        await deployed(world.spokeAdmin, "Execution", executionRole());
      },
      NO_ADMINISTRATION,
      "FAILED",
    ],
    [
      "the target account has no role",
      () => deployed(admin, "Administration", administrationRole()),
      NO_EXECUTION,
      "SKIPPED",
    ],
    [
      "the target account's role trusts itself alone",
      () => roles(executionRole("*", SPOKE_ACCOUNT)),
      NO_EXECUTION,
      "SKIPPED",
    ],
    [
      "the administrator account's role may not assume the target's",
      async () => {
        const other = administrationRole(ACCOUNT, `arn:aws:iam::${ACCOUNT}:role/other`);
        await deployed(admin, "Administration", other);
        await deployed(world.spokeAdmin, "Execution", executionRole());
      },
      NO_EXECUTION,
      "SKIPPED",
    ],
  ];
  it.each(cases)("Nothing is made where %s", async (_what, prepare, reason, gate) => {
    await prepare();
    expect((await created()).status).toBe(200);
    const { status, first } = await deployedTo();
    expect(status).toBe(200);
    const results = await admin("ListStackSetOperationResults", {
      StackSetName,
      OperationId: first("OperationId"),
    });
    expect(results.text.replaceAll("&apos;", "'")).toContain(
      `<AccountGateResult><Status>${gate}</Status><StatusReason>${reason}</StatusReason>`,
    );
    expect(await latest()).toEqual([
      "CREATE FAILED",
      `${SPOKE_ACCOUNT} us-west-2 FAILED ${reason}`,
    ]);
    expect(await instance()).toBe(`OUTDATED FAILED ${reason}`);
    expect(stacksOfSets()).toEqual([]);
  });

  it("An update makes the stack, once the roles are there", async () => {
    await created();
    await deployedTo();
    await roles();
    await admin("UpdateStackSet", { StackSetName, UsePreviousTemplate: "true", ...NAMED });
    expect(await instance()).toBe("CURRENT SUCCEEDED");
    expect(roleIn(SPOKE_ACCOUNT, "probe-one")).toBeDefined();
  });

  it("The target account's role decides about each resource, and what could not be made is deleted", async () => {
    await roles(executionRole(["cloudformation:*"]));
    await created();
    await deployedTo();
    const said = await instance();
    expect(said).toContain(
      "OUTDATED FAILED ResourceLogicalId:One, ResourceType:AWS::IAM::Role, ResourceStatusReason:User: arn:aws:sts::444455556666:assumed-role/AWSCloudFormationStackSetExecutionRole/",
    );
    expect(said).toContain("is not authorized to perform: iam:CreateRole on resource");
    expect(stacksOfSets().map(({ status }) => status)).toEqual(["DELETE_COMPLETE"]);
  });

  it("The target account's role needs CloudFormation itself", async () => {
    await roles(executionRole(["iam:*"]));
    await created();
    await deployedTo();
    expect(await instance()).toMatch(
      /not authorized to perform: cloudformation:CreateStack on resource: arn:aws:cloudformation:us-west-2:444455556666:stack\/StackSet-Roles-[0-9a-f-]{36}\/\* because no/,
    );
    expect(stacksOfSets()).toEqual([]);
  });
});

describe("An operation that fails", () => {
  const BAD = JSON.stringify({ Resources: { ...QUEUE, Bad: { Type: "AWS::EC2::Instance" } } });
  const BOTH = { ...SPOKE, "Regions.member.2": FAR_REGION };

  it("After the first failure, nothing more is done; the set has the new template all the same", async () => {
    await roles();
    await created({ TemplateBody: QUEUES });
    await deployedTo(BOTH);
    await admin("UpdateStackSet", { StackSetName, TemplateBody: BAD });
    const [status, first, second] = await latest();
    expect(status).toBe("UPDATE FAILED");
    expect(first).toContain(
      "us-west-2 FAILED ResourceLogicalId:Bad, ResourceType:AWS::EC2::Instance, ResourceStatusReason:Bad: the sandbox does not emulate",
    );
    expect(second).toBe(
      `${SPOKE_ACCOUNT} eu-west-1 CANCELLED Cancelled since failure tolerance has exceeded`,
    );
    expect(await instance()).toContain("OUTDATED FAILED");
    expect(await instance(FAR_REGION)).toContain("OUTDATED CANCELLED");
    expect(stacksOfSets().map((stack) => stack.status)).toEqual([
      ...["UPDATE_ROLLBACK_COMPLETE", "CREATE_COMPLETE"],
    ]);
    const described = await admin("DescribeStackSet", { StackSetName });
    expect(described.first("TemplateBody")).toBe(BAD);
    await admin("UpdateStackSet", { StackSetName, TemplateBody: QUEUES });
    expect((await latest())[0]).toBe("UPDATE SUCCEEDED");
  });

  it("A protected stack is not deleted: its instance is inoperable, and is updated no more", async () => {
    await roles();
    await created();
    await deployedTo();
    const [{ name: StackName = "" } = {}] = stacksOfSets();
    const protect = (EnableTerminationProtection: string) =>
      world.spokeAdmin("UpdateTerminationProtection", { StackName, EnableTerminationProtection });
    await protect("true");
    await removed("false");
    expect(await instance()).toBe(
      `INOPERABLE INOPERABLE Stack [${StackName}] cannot be deleted while TerminationProtection is enabled`,
    );
    const template = rolesTemplate({ Two: SPOKE_ROOT });
    await admin("UpdateStackSet", { StackSetName, TemplateBody: template, ...NAMED });
    expect(await latest()).toEqual(["UPDATE SUCCEEDED"]);
    expect(roleIn(SPOKE_ACCOUNT, "probe-two")).toBeUndefined();
    expect((await deployedTo()).first("Code")).toBe("InvalidOperationException");
    await protect("false");
    await removed("false");
    expect((await admin("DeleteStackSet", { StackSetName })).status).toBe(200);
  });

  it("A set has one operation at a time", async () => {
    await roles();
    await created();
    const deploy = world.stacks.deploy;
    const meanwhile: string[] = [];
    vi.spyOn(world.stacks, "deploy").mockImplementationOnce(async (order) => {
      meanwhile.push(refusal(await deployedTo()), (await latest())[0] ?? "");
      return deploy(order);
    });
    await deployedTo();
    expect(meanwhile).toEqual([
      expect.stringMatching(
        /^409 OperationInProgressException: Another Operation on StackSet arn:aws:cloudformation:us-west-2:111122223333:stackset\/Roles:.* is in progress: /,
      ),
      "CREATE RUNNING",
    ]);
    expect((await latest())[0]).toBe("CREATE SUCCEEDED");
  });
});
