/** A stack whose update failed, and whose rollback failed too. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ACCOUNT } from "../../../../lab/sandbox/world/account.ts";
import { bootstrappedWorld, type Call, deployed, rolesTemplate } from "./cloudformation-world.ts";

let world: Awaited<ReturnType<typeof bootstrappedWorld>>;
let admin: Call;
beforeAll(async () => {
  world = await bootstrappedWorld();
  admin = world.admin;
});
afterAll(() => world.close());

const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
/** Before the update, and after it. */
const oldOf = (name: string) => rolesTemplate({ [`${name}Old`]: ROOT, [`${name}Both`]: ROOT });
const newOf = (name: string) => rolesTemplate({ [`${name}Both`]: ROOT, [`${name}New`]: ROOT });
const roleId = (name: string) =>
  world.state.iam.state.roles[`arn:aws:iam::${ACCOUNT}:role/probe-${name.toLowerCase()}`]?.roleId;
const statusOf = async (StackName: string) =>
  (await admin("DescribeStacks", { StackName })).first("StackStatus");
const goOn = (StackName: string, more = {}) =>
  admin("ContinueUpdateRollback", { StackName, ...more });

/** The update fails at a role that stays, and so do the next attempts to roll back. @param count of all of these */
async function failing(name: string, count: number): Promise<string> {
  const fault = { stack: name, resource: `${name}Both`, count };
  expect(world.fails("POST", Buffer.from(JSON.stringify(fault))).status).toBe(200);
  return (await deployed(admin, name, newOf(name))).first("StackStatus");
}

describe("A stack whose rollback fails", () => {
  it("It has what the update made beside what it had, takes no update, and goes back once somebody goes on", async () => {
    await deployed(admin, "Stuck", oldOf("Stuck"));
    const [old, both] = [roleId("stuckOld"), roleId("stuckBoth")];
    expect(both).toMatch(/^AROA/);
    expect(await failing("Stuck", 2)).toBe("UPDATE_ROLLBACK_FAILED");
    expect([roleId("stuckOld"), roleId("stuckBoth")]).toEqual([old, both]);
    expect(roleId("stuckNew")).toMatch(/^AROA/);
    const refused = await admin("CreateChangeSet", {
      StackName: "Stuck",
      ChangeSetName: "again",
      TemplateBody: newOf("Stuck"),
      "Capabilities.member.1": "CAPABILITY_NAMED_IAM",
    });
    expect(refused.first("Message")).toContain(
      "is in UPDATE_ROLLBACK_FAILED state and can not be updated.",
    );
    expect((await goOn("Stuck")).status).toBe(200);
    expect(await statusOf("Stuck")).toBe("UPDATE_ROLLBACK_COMPLETE");
    expect(["Old", "Both", "New"].map((one) => roleId(`stuck${one}`))).toEqual([
      ...[old, both, undefined],
    ]);
    const again = await deployed(admin, "Stuck", newOf("Stuck"));
    expect(again.first("StackStatus")).toBe("UPDATE_COMPLETE");
    expect(roleId("stuckOld")).toBeUndefined();
  });

  it("It stays stuck where the same resource fails again", async () => {
    await deployed(admin, "Again", oldOf("Again"));
    expect(await failing("Again", 3)).toBe("UPDATE_ROLLBACK_FAILED");
    await goOn("Again");
    expect(await statusOf("Again")).toBe("UPDATE_ROLLBACK_FAILED");
    const { text } = await admin("DescribeStackEvents", { StackName: "Again" });
    expect(text).toContain("Service is unavailable");
    await goOn("Again");
    expect(await statusOf("Again")).toBe("UPDATE_ROLLBACK_COMPLETE");
  });

  it.each([
    [{ stack: "Nobodys", resource: "Role", count: 1 }, "no stack Nobodys"],
    [{ stack: "CDKToolkit", resource: "Nothing", count: 1 }, "with a resource Nothing"],
    [{ stack: "CDKToolkit", resource: "StagingBucket", count: 0 }, "at least 1"],
    [{ stack: "CDKToolkit", resource: "StagingBucket", times: 1 }, "stack, resource and count"],
  ])("A fault of what is not there is refused: %j", (fault, said) => {
    const { status, body } = world.fails("POST", Buffer.from(JSON.stringify(fault)));
    expect([status, String(body)]).toEqual([400, expect.stringContaining(said)]);
    expect(world.fails("PUT", Buffer.from("{}")).status).toBe(405);
    expect(world.fails("DELETE", Buffer.from("")).status).toBe(200);
  });

  it("Where only the update fails, nothing of it is left", async () => {
    await deployed(admin, "Once", oldOf("Once"));
    expect(await failing("Once", 1)).toBe("UPDATE_ROLLBACK_COMPLETE");
    expect([roleId("onceOld"), roleId("onceNew")]).toEqual([expect.any(String), undefined]);
    expect((await goOn("Once")).first("Message")).toContain("can not continue rolling back");
    const skipped = await goOn("Once", { "ResourcesToSkip.member.1": "OnceBoth" });
    expect(skipped.first("Message")).toContain("ResourcesToSkip");
  });
});
