/** CloudFormation as its callers see it: what it answers, and what is in the accounts afterwards. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ACCOUNT, SPOKE_ACCOUNT } from "../../../../lab/sandbox/world/account.ts";
import {
  type Answered,
  bootstrappedWorld,
  type Call,
  deployed,
  roleResource,
  rolesTemplate,
} from "./cloudformation-world.ts";

let world: Awaited<ReturnType<typeof bootstrappedWorld>>;
let admin: Call;
beforeAll(async () => {
  world = await bootstrappedWorld();
  admin = world.admin;
});
afterAll(() => world.close());

const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
const roleNamed = (name: string, account = ACCOUNT) =>
  world.state.iam.state.roles[`arn:aws:iam::${account}:role/${name}`];
const refusal = ({ status, first }: Answered) => `${status} ${first("Code")}: ${first("Message")}`;
const create = (StackName: string, TemplateBody: string, more = {}) =>
  admin("CreateChangeSet", {
    StackName,
    ChangeSetName: "change",
    ChangeSetType: "CREATE",
    TemplateBody,
    "Capabilities.member.1": "CAPABILITY_NAMED_IAM",
    ...more,
  });
const events = async (StackName: string, call = admin) => {
  const answer = await call("DescribeStackEvents", { StackName });
  const names = answer.all("LogicalResourceId");
  return answer
    .all("ResourceStatus")
    .map((status, at) => `${names[at]} ${status}`)
    .reverse();
};

describe("The life of a stack", () => {
  it("A stack is made, updated and deleted, with its roles in the caller's account", async () => {
    const { spokeAdmin } = world;
    const template = rolesTemplate(
      { One: ROOT, Two: ROOT },
      { Outputs: { Arn: { Value: { "Fn::GetAtt": ["One", "Arn"] }, Description: "Of one" } } },
    );
    const made = await deployed(spokeAdmin, "Life", template);
    expect(made.first("StackStatus")).toBe("CREATE_COMPLETE");
    expect(made.first("OutputValue")).toBe(`arn:aws:iam::${SPOKE_ACCOUNT}:role/probe-one`);
    const roleId = roleNamed("probe-one", SPOKE_ACCOUNT)?.roleId;
    expect(roleId).toMatch(/^AROA/);
    expect(roleNamed("probe-one")).toBeUndefined();

    const changed = await deployed(
      spokeAdmin,
      "Life",
      rolesTemplate({ One: `arn:aws:iam::${SPOKE_ACCOUNT}:root` }),
    );
    expect(changed.first("StackStatus")).toBe("UPDATE_COMPLETE");
    expect(roleNamed("probe-one", SPOKE_ACCOUNT)?.roleId).toBe(roleId);
    expect(roleNamed("probe-two", SPOKE_ACCOUNT)).toBeUndefined();

    const StackName = "Life";
    const id = changed.first("StackId");
    expect((await spokeAdmin("DeleteStack", { StackName })).status).toBe(200);
    expect(roleNamed("probe-one", SPOKE_ACCOUNT)).toBeUndefined();
    expect(refusal(await spokeAdmin("DescribeStacks", { StackName }))).toBe(
      "400 ValidationError: Stack with id Life does not exist",
    );
    expect(await events(id, spokeAdmin)).toEqual([
      ...["Life REVIEW_IN_PROGRESS", "Life CREATE_IN_PROGRESS"],
      ...["One CREATE_IN_PROGRESS", "One CREATE_COMPLETE"],
      ...["Two CREATE_IN_PROGRESS", "Two CREATE_COMPLETE", "Life CREATE_COMPLETE"],
      ...["Life UPDATE_IN_PROGRESS", "One UPDATE_IN_PROGRESS", "One UPDATE_COMPLETE"],
      ...["Two DELETE_COMPLETE", "Life UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"],
      ...["Life UPDATE_COMPLETE", "Life DELETE_IN_PROGRESS", "One DELETE_COMPLETE"],
      "Life DELETE_COMPLETE",
    ]);
  });

  it("A deployed stack can be read: template, resources, summaries", async () => {
    const template = rolesTemplate({ Read: ROOT });
    await deployed(admin, "Reading", template);
    const StackName = "Reading";
    const text = (await admin("GetTemplate", { StackName })).first("TemplateBody");
    expect(JSON.parse(text)).toEqual(JSON.parse(template));
    for (const operation of ["DescribeStackResources", "ListStackResources"]) {
      const answer = await admin(operation, { StackName });
      expect(answer.first("PhysicalResourceId"), operation).toBe("probe-read");
    }
    expect((await admin("GetTemplateSummary", { StackName })).text).toContain("AWS::IAM::Role");
    expect((await admin("ListStacks")).all("StackName")).toContain("Reading");
    expect((await admin("ListExports")).status).toBe(200);
    expect((await world.spokeAdmin("ListStacks")).all("StackName")).not.toContain("Reading");
  });

  it("A stack with termination protection stays, until that is switched off", async () => {
    await deployed(admin, "Protected", rolesTemplate({ Kept: ROOT }));
    const StackName = "Protected";
    const protect = (EnableTerminationProtection: string) =>
      admin("UpdateTerminationProtection", { StackName, EnableTerminationProtection });
    await protect("true");
    expect(refusal(await admin("DeleteStack", { StackName }))).toBe(
      "400 ValidationError: Stack [Protected] cannot be deleted while TerminationProtection is enabled",
    );
    expect(roleNamed("probe-kept")).toBeDefined();
    await protect("false");
    await admin("DeleteStack", { StackName });
    expect(roleNamed("probe-kept")).toBeUndefined();
  });

  it("A retained role stays when its stack is deleted", async () => {
    const role = { ...roleResource("Stays", ROOT), DeletionPolicy: "Retain" };
    await deployed(admin, "Retaining", JSON.stringify({ Resources: { Stays: role } }));
    await admin("DeleteStack", { StackName: "Retaining" });
    expect(roleNamed("probe-stays")).toBeDefined();
  });

  it("Parameters have the values that are given, kept, or by default, and Parameter Store's", async () => {
    const more = {
      Parameters: {
        Given: { Type: "String" },
        Usual: { Type: "String", Default: "usual" },
        Stored: {
          Type: "AWS::SSM::Parameter::Value<String>",
          Default: "/cdk-bootstrap/hnb659fds/version",
        },
      },
      Outputs: {
        All: {
          Value: { "Fn::Join": [" ", [{ Ref: "Given" }, { Ref: "Usual" }, { Ref: "Stored" }]] },
        },
      },
    };
    const given = (members: Readonly<Record<string, string>>) =>
      Object.fromEntries(
        Object.entries(members).map(([name, value]) => [`Parameters.member.1.${name}`, value]),
      );
    const template = (name: string) => rolesTemplate({ [name]: ROOT }, more);
    const first = given({ ParameterKey: "Given", ParameterValue: "given" });
    const made = await deployed(admin, "Parameters", template("P1"), first);
    expect(made.first("OutputValue")).toBe("given usual 33");
    const kept = given({ ParameterKey: "Given", UsePreviousValue: "true" });
    const updated = await deployed(admin, "Parameters", template("P2"), kept);
    expect(updated.first("OutputValue")).toBe("given usual 33");
    const none = await create("NoValue", template("P3"));
    expect(refusal(none)).toBe("400 ValidationError: Parameters: [Given] must have values");
    const wrong = await create("Wrong", rolesTemplate({ P4: ROOT }), first);
    expect(refusal(wrong)).toBe(
      "400 ValidationError: Parameters: [Given] do not exist in the template",
    );
  });
});

describe("A stack that fails", () => {
  it.each([
    [
      "Unknown",
      { Ok: roleResource("Ok", ROOT), Bad: { Type: "AWS::EC2::Instance" } },
      "Bad",
      "Bad: the sandbox does not emulate AWS::EC2::Instance.",
    ],
    [
      "Untrusted",
      { Bad: roleResource("Untrusted", `arn:aws:iam::${ACCOUNT}:role/nobody`) },
      "Bad",
      `MalformedPolicyDocument: Invalid principal in policy: "AWS":"arn:aws:iam::${ACCOUNT}:role/nobody"`,
    ],
    [
      "Taken",
      { Bad: { ...roleResource("x", ROOT), ...named("ADMIN") }, Ok: roleResource("Ok", ROOT) },
      "Bad",
      "Role with name ADMIN already exists.",
    ],
  ])(
    "The stack %s is rolled back, with the resource's name and the reason",
    async (name, Resources, bad, reason) => {
      const answer = await deployed(admin, name, JSON.stringify({ Resources }));
      expect(answer.first("StackStatus")).toBe("ROLLBACK_COMPLETE");
      expect(await events(name)).toEqual([
        ...[`${name} REVIEW_IN_PROGRESS`, `${name} CREATE_IN_PROGRESS`, `${bad} CREATE_FAILED`],
        ...[`${name} ROLLBACK_IN_PROGRESS`, `${name} ROLLBACK_COMPLETE`],
      ]);
      const history = await admin("DescribeStackEvents", { StackName: name });
      expect(history.all("ResourceStatusReason")).toContain(reason);
      expect(roleNamed("probe-ok")).toBeUndefined();
      // It can be deleted, and nothing else.
      const again = await admin("CreateChangeSet", {
        StackName: name,
        ChangeSetName: "b",
        TemplateBody: rolesTemplate({ B: ROOT }),
        "Capabilities.member.1": "CAPABILITY_NAMED_IAM",
      });
      expect(again.first("Message")).toContain(
        "is in ROLLBACK_COMPLETE state and can not be updated.",
      );
      await admin("DeleteStack", { StackName: name });
      expect((await admin("DescribeStacks", { StackName: name })).status).toBe(400);
    },
  );

  it("A failed update leaves the stack as it was", async () => {
    await deployed(admin, "Back", rolesTemplate({ Before: ROOT }));
    const Resources = { After: roleResource("After", ROOT), Bad: { Type: "AWS::EC2::Instance" } };
    const answer = await deployed(admin, "Back", JSON.stringify({ Resources }));
    expect(answer.first("StackStatus")).toBe("UPDATE_ROLLBACK_COMPLETE");
    expect(roleNamed("probe-before")).toBeDefined();
    expect(roleNamed("probe-after")).toBeUndefined();
    expect(await events("Back")).toContain("Bad CREATE_FAILED");
  });

  it("The second account has queues of its own, and no tables", async () => {
    const Queue = { Type: "AWS::SQS::Queue", Properties: { QueueName: "theirs" } };
    const made = await deployed(
      world.spokeAdmin,
      "Queues",
      JSON.stringify({ Resources: { Queue } }),
    );
    expect(made.first("StackStatus")).toBe("CREATE_COMPLETE");
    const { text: resources } = await world.spokeAdmin("ListStackResources", {
      StackName: "Queues",
    });
    expect(resources).toContain(`/${SPOKE_ACCOUNT}/theirs`);

    const Resources = { Table: { Type: "AWS::DynamoDB::GlobalTable", Properties: {} } };
    const answer = await deployed(world.spokeAdmin, "Tables", JSON.stringify({ Resources }));
    expect(answer.first("StackStatus")).toBe("ROLLBACK_COMPLETE");
    const { text } = await world.spokeAdmin("DescribeStackEvents", { StackName: "Tables" });
    expect(text).toContain(
      `does not emulate AWS::DynamoDB::GlobalTable in us-west-2 of account ${SPOKE_ACCOUNT}.`,
    );
  });
});

describe("Refusals of CloudFormation", () => {
  const template = rolesTemplate({ Refused: ROOT });
  it("A change set without changes fails in the words that the AWS CLI and CDK look for", async () => {
    await deployed(admin, "Same", template);
    const names = { StackName: "Same", ChangeSetName: "change" };
    await create("Same", template, { ChangeSetType: "UPDATE" });
    const described = await admin("DescribeChangeSet", names);
    expect([described.first("Status"), described.first("ExecutionStatus")]).toEqual([
      ...["FAILED", "UNAVAILABLE"],
    ]);
    expect(described.first("StatusReason")).toMatch(
      /^The submitted information didn't contain changes\./,
    );
    expect((await admin("ExecuteChangeSet", names)).first("Code")).toBe("InvalidChangeSetStatus");
    expect((await admin("DeleteChangeSet", names)).status).toBe(200);
    expect((await admin("DescribeChangeSet", names)).first("Code")).toBe("ChangeSetNotFound");
  });

  it("A change set says what it adds, changes and removes before anything happens", async () => {
    await deployed(admin, "Changing", rolesTemplate({ Here: ROOT, Goes: ROOT }));
    await create(
      "Changing",
      rolesTemplate({ Here: "arn:aws:iam::999999999999:root", Comes: ROOT }),
      {
        ChangeSetType: "UPDATE",
      },
    );
    const names = { StackName: "Changing", ChangeSetName: "change" };
    const { all } = await admin("DescribeChangeSet", names);
    expect(all("Action").map((action, at) => `${action} ${all("LogicalResourceId")[at]}`)).toEqual([
      ...["Modify Here", "Add Comes", "Remove Goes"],
    ]);
    expect(roleNamed("probe-comes")).toBeUndefined();
    await admin("DeleteStack", { StackName: "Changing" });
  });

  const cases: readonly (readonly [string, () => Promise<Answered>, string])[] = [
    [
      "roles with names without the capability",
      () => create("A", template, { "Capabilities.member.1": "CAPABILITY_IAM" }),
      "400 InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_NAMED_IAM]",
    ],
    [
      "an inline template over 51,200 bytes",
      () => create("A", JSON.stringify({ Resources: {}, Description: "x".repeat(52_000) })),
      "400 ValidationError: 1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to 51200",
    ],
    [
      "a template that is not JSON",
      () => create("A", "{ Resources: }"),
      "400 ValidationError: Template format error: JSON not well-formed.",
    ],
    [
      "a template without resources",
      () => create("A", "Resources: {}"),
      "400 ValidationError: Template format error: At least one Resources member must be defined.",
    ],
    [
      "a section that is not emulated",
      () => create("A", rolesTemplate({ R: ROOT }, { Mappings: {} })),
      "400 ValidationError: Template format error: the sandbox does not emulate Mappings.",
    ],
    [
      "a parameter that is not emulated",
      () => create("A", template, { ResourcesToImport: "x" }),
      "400 ValidationError: The sandbox does not emulate ResourcesToImport of CreateChangeSet. Nothing was changed.",
    ],
    [
      "an update of a stack that is not there",
      () => create("Nowhere", template, { ChangeSetType: "UPDATE" }),
      "400 ValidationError: Stack [Nowhere] does not exist",
    ],
    [
      "a template in S3 that is not there",
      () =>
        create("A", "", {
          TemplateBody: "",
          TemplateURL: `https://s3.us-west-2.amazonaws.com/cdk-hnb659fds-assets-${ACCOUNT}-us-west-2/x.json`,
        }),
      "404 NoSuchKey: The specified key does not exist.",
    ],
    [
      "a role that CloudFormation cannot assume",
      () => create("A", template, { RoleARN: `arn:aws:iam::${ACCOUNT}:role/admin` }),
      `400 ValidationError: Role arn:aws:iam::${ACCOUNT}:role/admin is invalid or cannot be assumed`,
    ],
    [
      "a change set of a stack that is not there",
      () => admin("DescribeChangeSet", { StackName: "Nowhere", ChangeSetName: "x" }),
      "400 ValidationError: Stack [Nowhere] does not exist",
    ],
    [
      "events of a stack that is not there",
      () => admin("DescribeStackEvents", { StackName: "Nowhere" }),
      "400 ValidationError: Stack [Nowhere] does not exist",
    ],
    [
      "an operation that is not emulated",
      () => admin("DetectStackDrift", { StackName: "Nowhere" }),
      "400 InvalidAction: cloudformation:DetectStackDrift is not emulated by the sandbox.",
    ],
  ];
  it.each(cases)(
    "CloudFormation refuses %s, and nothing is made",
    async (_what, call, expected) => {
      const before = world.state.cloudFormation.state.stacks.length;
      expect(refusal(await call())).toBe(expected);
      expect(world.state.cloudFormation.state.stacks).toHaveLength(before);
    },
  );

  it("A stack that exists cannot be created, and one that does not is deleted already", async () => {
    await deployed(admin, "Twice", rolesTemplate({ Twice: ROOT }));
    expect((await create("Twice", template)).first("Message")).toContain(
      "Stack [Twice] already exists",
    );
    expect((await admin("DeleteStack", { StackName: "Nowhere" })).status).toBe(200);
  });
});

describe("The right to deploy", () => {
  it("A caller whose policies do not allow a call is refused by IAM", async () => {
    for (const action of ["CreateChangeSet", "DescribeStacks", "DeleteStack"]) {
      const answer = await world.alice(action, { StackName: "Any" });
      expect(refusal(answer), action).toContain("403 AccessDenied");
      expect(answer.first("Message")).toContain(`cloudformation:${action}`);
    }
  });
});

const named = (RoleName: string) => ({
  Properties: { ...roleResource("x", ROOT).Properties, RoleName },
});
