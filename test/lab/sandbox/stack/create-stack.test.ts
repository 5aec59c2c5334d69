/** Stacks that are made and updated without a change set, as Terraform's provider does it. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ACCOUNT } from "../../../../lab/sandbox/world/account.ts";
import { type Answered, cloudFormationWorld, rolesTemplate } from "./cloudformation-world.ts";

const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
const NAMED = { "Capabilities.member.1": "CAPABILITY_NAMED_IAM" };

let world: Awaited<ReturnType<typeof cloudFormationWorld>>;
beforeAll(async () => {
  world = await cloudFormationWorld();
});
afterAll(() => world.close());

const refusal = ({ status, first }: Answered) => `${status} ${first("Code")}: ${first("Message")}`;
const call = (action: string, StackName: string, TemplateBody: string, more: object = NAMED) =>
  world.admin(action, { StackName, TemplateBody, ...more });
const statusOf = async (StackName: string) =>
  (await world.admin("DescribeStacks", { StackName })).first("StackStatus");

describe("A stack without a change set", () => {
  it("It is made and updated, and the same once more is no update", async () => {
    const made = await call("CreateStack", "Plain", rolesTemplate({ One: ROOT }));
    expect(made.first("StackId")).toContain(":stack/Plain/");
    expect(await statusOf("Plain")).toBe("CREATE_COMPLETE");
    const changed = rolesTemplate({ One: ROOT, Two: ROOT });
    expect((await call("UpdateStack", "Plain", changed)).first("StackId")).toBe(
      made.first("StackId"),
    );
    expect(await statusOf("Plain")).toBe("UPDATE_COMPLETE");
    expect(world.state.iam.state.roles[`arn:aws:iam::${ACCOUNT}:role/probe-two`]).toBeDefined();
    expect(refusal(await call("UpdateStack", "Plain", changed))).toBe(
      "400 ValidationError: No updates are to be performed.",
    );
  });

  it("An update that fails is rolled back, and the stack takes another", async () => {
    const twice = rolesTemplate({ One: ROOT, Two: ROOT }).replaceAll("probe-two", "probe-one");
    await call("UpdateStack", "Plain", twice);
    expect(await statusOf("Plain")).toBe("UPDATE_ROLLBACK_COMPLETE");
    await call("UpdateStack", "Plain", rolesTemplate({ One: ROOT }));
    expect(await statusOf("Plain")).toBe("UPDATE_COMPLETE");
  });

  it("It may be protected from the first moment on", async () => {
    const protect = { ...NAMED, EnableTerminationProtection: "true" };
    await call("CreateStack", "Guarded", rolesTemplate({ Guarded: ROOT }), protect);
    expect(refusal(await world.admin("DeleteStack", { StackName: "Guarded" }))).toContain(
      "TerminationProtection is enabled",
    );
  });

  it.each<readonly [string, () => Promise<Answered>, string]>([
    [
      "a name that is taken",
      () => call("CreateStack", "Guarded", rolesTemplate({ Three: ROOT })),
      "400 AlreadyExistsException: Stack [Guarded] already exists",
    ],
    [
      "an update of a stack that is not there",
      () => call("UpdateStack", "Nowhere", rolesTemplate({ Three: ROOT })),
      "400 ValidationError: Stack [Nowhere] does not exist",
    ],
    [
      "roles without their capability",
      () => call("CreateStack", "Third", rolesTemplate({ Three: ROOT }), {}),
      "400 InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_NAMED_IAM]",
    ],
    [
      "a member that is not emulated",
      () => call("CreateStack", "Third", rolesTemplate({ Three: ROOT }), { OnFailure: "DELETE" }),
      "400 ValidationError: The sandbox does not emulate OnFailure of CreateStack. Nothing was changed.",
    ],
  ])("CloudFormation refuses %s", async (_what, asked, expected) => {
    expect(refusal(await asked())).toBe(expected);
  });

  it("A caller without the right is refused by IAM", async () => {
    for (const action of ["CreateStack", "UpdateStack"])
      expect(refusal(await world.alice(action, { StackName: "Any" }))).toContain(
        "403 AccessDenied",
      );
  });
});
