/** Managed policies that are attached to roles, and detached. */
import {
  AttachRolePolicyCommand,
  DeleteRoleCommand,
  DetachRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
} from "@aws-sdk/client-iam";
import { afterAll, beforeAll, expect, it } from "vitest";
import { iamService } from "../../../../../lab/sandbox/aws/iam/service.ts";
import {
  ACCOUNT,
  clientConfig,
  document,
  iamStore,
  listen,
  type RunningPort,
  role,
  statement,
} from "../iam-world.ts";

const PolicyArn = `arn:aws:iam::${ACCOUNT}:policy/call-the-broker`;
const text = document(statement("execute-api:Invoke"));
const admin = role("admin", { policy: document(statement("iam:*")) });
const reader = role("reader", { policy: document(statement("iam:ListAttachedRolePolicies")) });
const [first, second] = ["first", "second"].map((name) => role(name));
const carriers = [first, second].map((each) => ({ ...each, policies: { [PolicyArn]: text } }));
const iam = iamStore(admin, reader, ...(carriers as (typeof admin)[]));

let port: RunningPort;
beforeAll(async () => {
  port = await listen({ services: [iamService(iam)], iam });
});
afterAll(() => port.close());

const as = (of = admin) => new IAMClient({ ...clientConfig(port.url, of), maxAttempts: 1 });
const attachedTo = async (RoleName: string) =>
  (await as().send(new ListAttachedRolePoliciesCommand({ RoleName }))).AttachedPolicies;
const detach = (RoleName: string, of = admin) =>
  as(of).send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
const attach = (RoleName: string, arn = PolicyArn, of = admin) =>
  as(of).send(new AttachRolePolicyCommand({ RoleName, PolicyArn: arn }));

it("A policy that another role has is detached, and attached again", async () => {
  await detach("first");
  expect(await attachedTo("first")).toEqual([]);
  await expect(detach("first")).rejects.toMatchObject({
    name: "NoSuchEntityException",
    message: `Policy ${PolicyArn} was not found.`,
  });
  await attach("first");
  expect(await attachedTo("first")).toEqual([{ PolicyName: "call-the-broker", PolicyArn }]);
});

it("A policy that no role has cannot be attached", async () => {
  const other = `arn:aws:iam::${ACCOUNT}:policy/another`;
  await expect(attach("first", other)).rejects.toMatchObject({ name: "NoSuchEntityException" });
});

it("A caller without permission to attach or detach changes nothing", async () => {
  await expect(detach("second", reader)).rejects.toMatchObject({ name: "AccessDenied" });
  await expect(attach("second", PolicyArn, reader)).rejects.toMatchObject({ name: "AccessDenied" });
  expect(await attachedTo("second")).toHaveLength(1);
});

it("A role is deleted once its policies are detached", async () => {
  const gone = new DeleteRoleCommand({ RoleName: "second" });
  await expect(as().send(gone)).rejects.toMatchObject({ name: "DeleteConflictException" });
  await detach("second");
  await as().send(gone);
  await expect(attachedTo("second")).rejects.toMatchObject({ name: "NoSuchEntityException" });
});
