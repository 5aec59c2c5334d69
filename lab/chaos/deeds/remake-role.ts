/** The role that a person is lent access for is deleted around the broker, and another one of its name is made. */
import { setTimeout as pause } from "node:timers/promises";
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  EntityAlreadyExistsException,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  NoSuchEntityException,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { forgetCallerKeys } from "../../../test/e2e/caller-keys.ts";
import { profileKeys } from "../../../test/e2e/sandbox-process.ts";
import type { ActionOf } from "../plan/action.ts";
import { principalOf } from "../stage/principals.ts";
import type { Stage } from "../stage/stage.ts";
import { orDone } from "./or-done.ts";

/** The properties that the new role takes from the old one. */
interface RoleText {
  readonly path: string;
  readonly trust: string;
  readonly longestSession: number | undefined;
  readonly inline: readonly (readonly [name: string, document: string])[];
  /** ARNs of managed policies. */
  readonly attached: readonly string[];
}

async function readRole(iam: IAMClient, RoleName: string): Promise<RoleText> {
  const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  const { AttachedPolicies = [] } = await iam.send(
    new ListAttachedRolePoliciesCommand({ RoleName }),
  );
  const inline: [string, string][] = [];
  for (const PolicyName of PolicyNames) {
    const read = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
    inline.push([PolicyName, decodeURIComponent(read.PolicyDocument ?? "")]);
  }
  return {
    path: Role?.Path ?? "/",
    trust: decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ""),
    longestSession: Role?.MaxSessionDuration,
    inline,
    attached: AttachedPolicies.flatMap(({ PolicyArn }) => PolicyArn ?? []),
  };
}

async function deleteRole(iam: IAMClient, RoleName: string, { inline, attached }: RoleText) {
  for (const PolicyArn of attached)
    await iam
      .send(new DetachRolePolicyCommand({ RoleName, PolicyArn }))
      .catch(orDone(NoSuchEntityException));
  for (const [PolicyName] of inline)
    await iam
      .send(new DeleteRolePolicyCommand({ RoleName, PolicyName }))
      .catch(orDone(NoSuchEntityException));
  await iam.send(new DeleteRoleCommand({ RoleName })).catch(orDone(NoSuchEntityException));
}

async function createRole(iam: IAMClient, RoleName: string, role: RoleText) {
  const { path, trust, longestSession, inline, attached } = role;
  const made = {
    RoleName,
    Path: path,
    AssumeRolePolicyDocument: trust,
    MaxSessionDuration: longestSession,
  };
  await iam.send(new CreateRoleCommand(made)).catch(orDone(EntityAlreadyExistsException));
  for (const [PolicyName, PolicyDocument] of inline)
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }));
  for (const PolicyArn of attached)
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
}

export async function remakeRole(
  stage: Stage,
  { person, seconds }: ActionOf<"remake-role">,
): Promise<string> {
  const { addresses } = stage;
  const principalArn = principalOf(person);
  const name = principalArn.slice(principalArn.lastIndexOf("/") + 1);
  const iam = new IAMClient({
    endpoint: addresses.awsUrl,
    region: "us-west-2",
    maxAttempts: 8,
    credentials: profileKeys(addresses, "admin"),
  });
  try {
    const role = await readRole(iam, name);
    stage.remadeRoles.push({ principalArn, at: Date.now() });
    await deleteRole(iam, name, role);
    await pause(seconds * 1_000);
    await createRole(iam, name, role);
    forgetCallerKeys(addresses, person);
    return "deleted, and made again";
  } finally {
    iam.destroy();
  }
}
