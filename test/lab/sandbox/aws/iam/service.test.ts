import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  GetUserCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListPoliciesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  ListUsersCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { iamService } from "../../../../../lab/sandbox/aws/iam/service.ts";
import type { IamState } from "../../../../../lab/sandbox/aws/iam/state.ts";
import type { Store } from "../../../../../lab/sandbox/aws/store.ts";
import { stsService } from "../../../../../lab/sandbox/aws/sts/service.ts";
import {
  ACCOUNT,
  clientConfig,
  credential,
  document,
  iamStore,
  listen,
  type RunningPort,
  role,
  statement,
  trust,
} from "../iam-world.ts";

const admin = role("admin", { policy: document(statement("iam:*")) });
const people = role("people-reader", {
  policy: document(statement("iam:GetRole", `arn:aws:iam::${ACCOUNT}:role/people/*`)),
});
const TRUST = JSON.stringify(trust({ AWS: `arn:aws:iam::${ACCOUNT}:root` }, "sts:AssumeRole"));

let iam: Store<IamState>;
let port: RunningPort;
const seed = () => iamStore(admin, people);
beforeAll(async () => {
  iam = seed();
  port = await listen({ services: [iamService(iam), stsService(iam)], iam });
});
beforeEach(() => {
  Object.assign(iam.state, seed().state);
});
afterAll(() => port.close());

const as = (of = admin) => new IAMClient(clientConfig(port.url, of));
const create = (RoleName: string, more = {}) =>
  as().send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST, ...more }));
const failing = (name: string, httpStatusCode: number, message?: string) => ({
  name,
  ...(message === undefined ? {} : { message }),
  $metadata: expect.objectContaining({ httpStatusCode, requestId: expect.any(String) }),
});

describe("a role", () => {
  test("A role is found by its name, whatever its path", async () => {
    const { Role } = await create("eve", { Path: "/people/", Description: "a <b> & 'c'" });
    expect(Role).toMatchObject({
      Arn: `arn:aws:iam::${ACCOUNT}:role/people/eve`,
      Path: "/people/",
      MaxSessionDuration: 3600,
      Description: "a <b> & 'c'",
    });
    expect(Role?.CreateDate).toBeInstanceOf(Date);
    expect((await as().send(new GetRoleCommand({ RoleName: "eve" }))).Role).toEqual(Role);
    expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "")).toBe(TRUST);
  });

  test("A role has another unique id each time that it is created", async () => {
    const first = (await create("eve")).Role;
    await as().send(new DeleteRoleCommand({ RoleName: "eve" }));
    const second = (await create("eve")).Role;
    expect(first?.RoleId).toMatch(/^AROA[A-Z2-7]{17}$/);
    expect(second?.Arn).toBe(first?.Arn);
    expect(second?.RoleId).not.toBe(first?.RoleId);
  });

  test("A role that does not exist is answered as NoSuchEntity", async () => {
    await expect(as().send(new GetRoleCommand({ RoleName: "nobody" }))).rejects.toMatchObject(
      failing("NoSuchEntityException", 404, "The role with name nobody cannot be found."),
    );
  });

  test("A role exists once under a name, even under another path", async () => {
    await create("eve");
    await expect(create("eve", { Path: "/people/" })).rejects.toMatchObject(
      failing("EntityAlreadyExistsException", 409, "Role with name eve already exists."),
    );
  });

  test("A role is not deleted while it has policies", async () => {
    await create("eve");
    const name = { RoleName: "eve", PolicyName: "read" };
    const text = JSON.stringify(document(statement("eks:DescribeCluster")));
    await as().send(new PutRolePolicyCommand({ ...name, PolicyDocument: text }));
    await expect(as().send(new DeleteRoleCommand({ RoleName: "eve" }))).rejects.toMatchObject(
      failing("DeleteConflictException", 409, "Cannot delete entity, must delete policies first."),
    );
    await as().send(new DeleteRolePolicyCommand(name));
    await as().send(new DeleteRoleCommand({ RoleName: "eve" }));
    expect(Object.keys(iam.state.roles)).toEqual([admin.arn, people.arn]);
  });

  test.each([
    ["a path without its slashes", { Path: "people" }],
    ["a session of more than twelve hours", { MaxSessionDuration: 43_201 }],
    ["tags, which are not emulated", { Tags: [{ Key: "a", Value: "b" }] }],
  ])("A role is not created with %s", async (_what, more) => {
    await expect(create("eve", more)).rejects.toMatchObject(failing("ValidationError", 400));
    expect(iam.state.roles[`arn:aws:iam::${ACCOUNT}:role/eve`]).toBeUndefined();
  });

  test("Trust in a role that is deleted becomes trust in its unique id, which nobody has again", async () => {
    const { Role: first } = await create("eve");
    const trusted = trust({ AWS: first?.Arn ?? "" }, "sts:AssumeRole");
    await create("frank", { AssumeRolePolicyDocument: JSON.stringify(trusted) });
    const trustOf = async () => {
      const { Role } = await as().send(new GetRoleCommand({ RoleName: "frank" }));
      return JSON.parse(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ""));
    };
    expect(await trustOf()).toEqual(trusted);
    await as().send(new DeleteRoleCommand({ RoleName: "eve" }));
    expect((await trustOf()).Statement[0].Principal.AWS).toEqual([first?.RoleId]);
    const { Role: second } = await create("eve");
    expect(second?.RoleId).not.toBe(first?.RoleId);
    expect(JSON.stringify(await trustOf())).not.toContain(second?.Arn);
  });

  test.each([
    ["no JSON", "{"],
    ["no principal", JSON.stringify(document(statement("sts:AssumeRole")))],
    [
      "a role that does not exist",
      JSON.stringify(trust({ AWS: `arn:aws:iam::${ACCOUNT}:role/alice` }, "sts:AssumeRole")),
    ],
  ])("A role is not created under a trust policy with %s", async (_what, text) => {
    await expect(create("eve", { AssumeRolePolicyDocument: text })).rejects.toMatchObject(
      failing("MalformedPolicyDocumentException", 400),
    );
  });
});

describe("a role's policies", () => {
  test("A role's policies are put, read, listed and deleted by name", async () => {
    const { RoleName, PolicyName } = { RoleName: "people-reader", PolicyName: "more" };
    const text = JSON.stringify(document(statement("sqs:*", "arn:aws:sqs:*:*:a+b c")));
    await as().send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: text }));
    const got = await as().send(new GetRolePolicyCommand({ RoleName, PolicyName }));
    expect(got.PolicyDocument).not.toContain(" ");
    expect(decodeURIComponent(got.PolicyDocument ?? "")).toBe(text);
    const names = async () =>
      (await as().send(new ListRolePoliciesCommand({ RoleName }))).PolicyNames;
    expect(await names()).toEqual(["inline", "more"]);
    await as().send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
    expect(await names()).toEqual(["inline"]);
    await expect(
      as().send(new GetRolePolicyCommand({ RoleName, PolicyName })),
    ).rejects.toMatchObject(
      failing("NoSuchEntityException", 404, "The role policy with name more cannot be found."),
    );
    const attached = new ListAttachedRolePoliciesCommand({ RoleName });
    expect(await as().send(attached)).toMatchObject({ AttachedPolicies: [], IsTruncated: false });
  });

  test("A role's policies decide about its next call", async () => {
    const get = new GetRoleCommand({ RoleName: "admin" });
    await expect(as(people).send(get)).rejects.toMatchObject({ name: "AccessDenied" });
    const policy = { RoleName: "people-reader", PolicyName: "more" };
    const text = JSON.stringify(document(statement("iam:GetRole")));
    await as().send(new PutRolePolicyCommand({ ...policy, PolicyDocument: text }));
    await expect(as(people).send(get)).resolves.toBeDefined();
    await as().send(new DeleteRolePolicyCommand(policy));
    await expect(as(people).send(get)).rejects.toMatchObject({ name: "AccessDenied" });
  });
});

test("A permission on a path counts only for the roles under it", async () => {
  await create("eve", { Path: "/people/" });
  await create("frank");
  const get = (RoleName: string) => as(people).send(new GetRoleCommand({ RoleName }));
  await expect(get("eve")).resolves.toBeDefined();
  await expect(get("frank")).rejects.toMatchObject(
    failing(
      "AccessDenied",
      403,
      `User: arn:aws:sts::${ACCOUNT}:assumed-role/people-reader/session is not authorized to perform: iam:GetRole on resource: arn:aws:iam::${ACCOUNT}:role/frank because no identity-based policy allows the iam:GetRole action`,
    ),
  );
});

test("Roles are listed page by page, and by the beginning of their path", async () => {
  for (const name of ["b", "a", "c"]) await create(name, { Path: "/x/" });
  const list = (more: object) => as().send(new ListRolesCommand({ PathPrefix: "/x/", ...more }));
  const first = await list({ MaxItems: 2 });
  expect(first.Roles?.map((each) => each.RoleName)).toEqual(["a", "b"]);
  expect(first.IsTruncated).toBe(true);
  const last = await list({ Marker: first.Marker });
  expect(last.Roles?.map((each) => each.RoleName)).toEqual(["c"]);
  expect(last.IsTruncated).toBe(false);
});

test("An operation that is not emulated is refused by name", async () => {
  await expect(as().send(new GetUserCommand({ UserName: "eve" }))).rejects.toMatchObject(
    failing("InvalidAction", 400, "iam:GetUser is not emulated by the sandbox."),
  );
});

test("A key does not outlive its role, not even if the role is made again", async () => {
  const session = new STSClient(clientConfig(port.url, people));
  await expect(session.send(new GetCallerIdentityCommand({}))).resolves.toBeDefined();
  const name = { RoleName: "people-reader" };
  await as().send(new DeleteRolePolicyCommand({ ...name, PolicyName: "inline" }));
  await as().send(new DeleteRoleCommand(name));
  const refused = failing(
    "InvalidClientTokenId",
    403,
    "The security token included in the request is invalid.",
  );
  await expect(session.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject(refused);
  await create("people-reader");
  await expect(session.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject(refused);
  expect(iam.state.credentials[credential(people).accessKeyId]).toBeDefined();
});

describe("a managed policy", () => {
  const MANAGED = `arn:aws:iam::${ACCOUNT}:policy/team/overflow`;
  const AWS_MANAGED = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";
  const read = document(statement("s3:GetObject"));
  beforeEach(() => {
    const holder = role("holder", { policy: document(statement("sqs:SendMessage")) });
    iam.state.roles[holder.arn] = {
      ...holder,
      policies: { ...holder.policies, [MANAGED]: read, [AWS_MANAGED]: document() },
    };
  });

  test("A managed policy is listed as attached to its role, and not among its inline policies", async () => {
    const RoleName = "holder";
    const { AttachedPolicies } = await as().send(new ListAttachedRolePoliciesCommand({ RoleName }));
    expect(AttachedPolicies).toEqual([
      { PolicyName: "overflow", PolicyArn: MANAGED },
      { PolicyName: "AWSLambdaBasicExecutionRole", PolicyArn: AWS_MANAGED },
    ]);
    const { PolicyNames } = await as().send(new ListRolePoliciesCommand({ RoleName }));
    expect(PolicyNames).toEqual(["inline"]);
  });

  test("A managed policy is found by its ARN, with its one version", async () => {
    const { Policy } = await as().send(new GetPolicyCommand({ PolicyArn: MANAGED }));
    expect(Policy).toMatchObject({
      PolicyName: "overflow",
      PolicyId: expect.stringMatching(/^ANPA[A-Z0-9]{17}$/),
      Arn: MANAGED,
      Path: "/team/",
      DefaultVersionId: "v1",
      AttachmentCount: 1,
      CreateDate: new Date("2026-11-01T00:00:00Z"),
    });
    const version = (VersionId: string) =>
      as().send(new GetPolicyVersionCommand({ PolicyArn: MANAGED, VersionId }));
    const { PolicyVersion } = await version("v1");
    expect(JSON.parse(decodeURIComponent(PolicyVersion?.Document ?? ""))).toEqual(read);
    await expect(version("v2")).rejects.toMatchObject(failing("NoSuchEntityException", 404));
  });

  test("A managed policy that no role has does not exist", async () => {
    const PolicyArn = `${MANAGED}-other`;
    await expect(as().send(new GetPolicyCommand({ PolicyArn }))).rejects.toMatchObject(
      failing(
        "NoSuchEntityException",
        404,
        `Policy ${PolicyArn} does not exist or is not attachable.`,
      ),
    );
  });

  test("A managed policy is listed by scope", async () => {
    const list = async (Scope?: "All" | "AWS" | "Local") => {
      const { Policies } = await as().send(new ListPoliciesCommand(Scope ? { Scope } : {}));
      return Policies?.map(({ Arn }) => Arn);
    };
    expect(await list()).toEqual([MANAGED, AWS_MANAGED]);
    expect(await list("Local")).toEqual([MANAGED]);
    expect(await list("AWS")).toEqual([AWS_MANAGED]);
  });

  test("A managed policy keeps its role from being deleted", async () => {
    await expect(as().send(new DeleteRoleCommand({ RoleName: "holder" }))).rejects.toMatchObject(
      failing(
        "DeleteConflictException",
        409,
        "Cannot delete entity, must detach all policies first.",
      ),
    );
  });
});

test("The account has no users", async () => {
  expect((await as().send(new ListUsersCommand({}))).Users).toEqual([]);
});

test("Inline policies of a role have 10,240 characters together, without white space", async () => {
  const client = new IAMClient(clientConfig(port.url, admin));
  const RoleName = "stout";
  await client.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST }));
  const write = (length: number, indent?: number) =>
    JSON.stringify(
      document(statement("s3:GetObject", `arn:aws:s3:::${"x".repeat(length)}`)),
      null,
      indent,
    );
  const empty = write(0).length;
  const put = (PolicyName: string, PolicyDocument: string) =>
    client.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }));
  await put("one", write(10_000 - empty, 8));
  await expect(put("two", write(241 - empty))).rejects.toMatchObject({
    name: "LimitExceededException",
  });
  await put("two", write(240 - empty, 8));
  await put("one", write(10_000 - empty));
});
