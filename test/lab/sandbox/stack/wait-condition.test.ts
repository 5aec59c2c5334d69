/** A condition of CloudFormation that waits for a signal: nobody sends one in the sandbox. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { ACCOUNT } from "../../../../lab/sandbox/world/account.ts";
import { bootstrappedWorld, deployed, rolesTemplate } from "./cloudformation-world.ts";

let world: Awaited<ReturnType<typeof bootstrappedWorld>>;
beforeAll(async () => {
  world = await bootstrappedWorld();
});
afterAll(() => world.close());

const Handle = { Type: "AWS::CloudFormation::WaitConditionHandle" };
const waiting = (Properties: object) =>
  JSON.stringify({
    Resources: {
      Handle,
      Wait: {
        Type: "AWS::CloudFormation::WaitCondition",
        Properties: { Handle: { Ref: "Handle" }, ...Properties },
      },
    },
  });
const reasonsOf = async (StackName: string) =>
  (await world.admin("DescribeStackEvents", { StackName })).all("ResourceStatusReason").join();

it("An update that waits is undone, and GetTemplate answers the template from before", async () => {
  const first = JSON.stringify({ Resources: { Handle } });
  expect((await deployed(world.admin, "Waits", first)).first("StackStatus")).toBe(
    "CREATE_COMPLETE",
  );
  const updated = await deployed(world.admin, "Waits", waiting({ Timeout: "1" }));
  expect(updated.first("StackStatus")).toBe("UPDATE_ROLLBACK_COMPLETE");
  expect(await reasonsOf("Waits")).toContain("WaitCondition timed out. Received 0 conditions");
  const answer = await world.admin("GetTemplate", { StackName: "Waits" });
  expect(JSON.parse(answer.first("TemplateBody"))).toEqual(JSON.parse(first));
});

it("A time that is no number fails as well, and a count of signals is refused by its name", async () => {
  await deployed(world.admin, "Never", waiting({ Timeout: "soon" }));
  expect(await reasonsOf("Never")).toContain("Timeout must be a number");
  const counted = await deployed(world.admin, "Counted", waiting({ Timeout: "1", Count: "2" }));
  expect(counted.text + (await reasonsOf("Counted"))).toContain("Count");
});

it("A protected stack whose creation was undone is deleted only once its protection is off", async () => {
  const StackName = "Undone";
  const nobody = rolesTemplate({ One: `arn:aws:iam::${ACCOUNT}:role/nobody` });
  expect((await deployed(world.admin, StackName, nobody)).first("StackStatus")).toBe(
    "ROLLBACK_COMPLETE",
  );
  const protect = (EnableTerminationProtection: string) =>
    world.admin("UpdateTerminationProtection", { StackName, EnableTerminationProtection });
  await protect("true");
  expect((await world.admin("DeleteStack", { StackName })).first("Message")).toBe(
    "Stack [Undone] cannot be deleted while TerminationProtection is enabled",
  );
  await protect("false");
  expect((await world.admin("DeleteStack", { StackName })).status).toBe(200);
});
