import { CreateAccessEntryCommand } from "@aws-sdk/client-eks";
import {
  CreateRoleCommand,
  DeleteRoleCommand,
  GetRoleCommand,
  IAMClient,
} from "@aws-sdk/client-iam";
import { describe, expect, it, onTestFinished } from "vitest";
import { clientConfig, trust } from "../iam-world.ts";
import { admin, laggingEks } from "./lagging-eks.ts";

const RoleName = "erin";
const create = new CreateRoleCommand({
  RoleName,
  AssumeRolePolicyDocument: JSON.stringify(
    trust({ Service: "lambda.amazonaws.com" }, "sts:AssumeRole"),
  ),
});
const read = new GetRoleCommand({ RoleName });

async function laggingIam(iamLagSeconds = 0) {
  const world = await laggingEks({ iamLagSeconds });
  const iam = new IAMClient(clientConfig(world.url, admin));
  onTestFinished(() => iam.destroy());
  return { ...world, iam };
}

describe("A new role", () => {
  it("A new role is an invalid principal for EKS until the lag of IAM has passed", async () => {
    const { iam, client, advance } = await laggingIam(20);
    const { Role } = await iam.send(create);
    const grant = new CreateAccessEntryCommand({ clusterName: "prod", principalArn: Role?.Arn });
    advance(19_000);
    await expect(client.send(grant)).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: "The specified principalArn is invalid: invalid principal.",
    });
    advance(1000);
    await expect(client.send(grant)).resolves.toBeDefined();
  });

  it("A new role is unknown to a GetRole that shows an earlier state", async () => {
    const { iam, fractions, advance } = await laggingIam(20);
    await iam.send(create);
    advance(10_000);
    fractions.push(0.9, 0.6);
    await expect(iam.send(read)).rejects.toMatchObject({ name: "NoSuchEntityException" });
    fractions.push(0.9, 0.4);
    await expect(iam.send(read)).resolves.toBeDefined();
  });
});

describe("A stale GetRole", () => {
  it("A stale GetRole shows the role that was deleted, and the former id of one that was made again", async () => {
    const { iam, stale, advance } = await laggingIam();
    const { Role: former } = await iam.send(create);
    advance(1000);
    await iam.send(new DeleteRoleCommand({ RoleName }));
    advance(1000);
    await iam.send(create);
    advance(1000);
    stale("GetRole", 500);
    expect((await iam.send(read)).Role?.RoleId).not.toBe(former?.RoleId);
    stale("GetRole", 1500);
    await expect(iam.send(read)).rejects.toMatchObject({ name: "NoSuchEntityException" });
    stale("GetRole", 2500);
    expect((await iam.send(read)).Role?.RoleId).toBe(former?.RoleId);
  });
});
