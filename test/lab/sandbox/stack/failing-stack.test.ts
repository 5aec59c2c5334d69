/** Stacks that fail while they are made or deleted: what stays of them. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { homeOf } from "../../../../lab/sandbox/process/place-stores.ts";
import { ACCOUNT, REGION } from "../../../../lab/sandbox/world/account.ts";
import { zipOf } from "../process/zip.ts";
import { FUNCTION_RESOURCES } from "../template/assembly-fixture.ts";
import { bootstrappedWorld, deployed, roleResource } from "./cloudformation-world.ts";

let world: Awaited<ReturnType<typeof bootstrappedWorld>>;
beforeAll(async () => {
  world = await bootstrappedWorld();
});
afterAll(() => world.close());

const reasons = async (StackName: string) =>
  (await world.admin("DescribeStackEvents", { StackName })).all("ResourceStatusReason");

/** A version of an object, as S3 keeps it. */
function store(bucket: string, key: string, bytes: Buffer): void {
  world.state.blobs.write(key, bytes);
  world.state.s3.change(({ buckets }) => {
    const found = buckets[bucket];
    if (!found) throw new Error(`There is no bucket ${bucket}.`);
    found.objects[key] = [
      {
        id: "1",
        modifiedAt: "2026-11-28T08:00:00.000Z",
        isDeleteMarker: false,
        blobId: key,
        size: bytes.length,
        etag: "",
        headers: {},
        checksum: {},
      },
    ];
  });
}

describe("A stack that fails while it is made", () => {
  it("A mapping whose function may not read its queue is refused as by Lambda, and nothing of the stack stays", async () => {
    const bucket = `cdk-hnb659fds-assets-${ACCOUNT}-${REGION}`;
    store(bucket, "code.zip", zipOf({ "index.mjs": "export const handler = () => {};" }));
    const Resources = {
      ...FUNCTION_RESOURCES,
      Fn: {
        ...FUNCTION_RESOURCES.Fn,
        Properties: {
          ...FUNCTION_RESOURCES.Fn.Properties,
          Code: { S3Bucket: bucket, S3Key: "code.zip" },
        },
      },
      Queue: { Type: "AWS::SQS::Queue" },
      Mapping: {
        Type: "AWS::Lambda::EventSourceMapping",
        Properties: {
          EventSourceArn: { "Fn::GetAtt": ["Queue", "Arn"] },
          FunctionName: { Ref: "Fn" },
        },
      },
    };
    const answer = await deployed(world.admin, "Mapped", JSON.stringify({ Resources }));
    expect(answer.first("StackStatus")).toBe("ROLLBACK_COMPLETE");
    expect((await reasons("Mapped")).join()).toContain(
      "Mapping: the provided execution role does not have permissions to call ReceiveMessage on SQS",
    );
    const { text } = await world.admin("DescribeStackEvents", { StackName: "Mapped" });
    expect(text).toContain("<LogicalResourceId>Mapping</LogicalResourceId>");
    expect(Object.keys(homeOf(world.state).sqs.state.queues)).toEqual([]);
    expect(Object.keys(world.state.iam.state.roles).join()).not.toContain("Mapped");
  });

  it("A function whose code was not uploaded makes the stack fail, with the function's name", async () => {
    const Resources = FUNCTION_RESOURCES;
    const answer = await deployed(world.admin, "Codeless", JSON.stringify({ Resources }));
    expect(answer.first("StackStatus")).toBe("ROLLBACK_COMPLETE");
    expect((await reasons("Codeless")).join()).toContain("Fn: Error occurred while GetObject.");
  });
});

const bucket = (DeletionPolicy: string) => ({ Type: "AWS::S3::Bucket", DeletionPolicy });
const trusting = (name: string, AWS: string, more: object = {}) => ({
  Role: { ...roleResource(name, AWS), ...more },
});
const NOBODY = `arn:aws:iam::${ACCOUNT}:role/nobody`;
const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
const statusOf = async (StackName: string, Resources: object) =>
  (await deployed(world.admin, StackName, JSON.stringify({ Resources }))).first("StackStatus");
const bucketsOf = (stack: string) =>
  Object.keys(world.state.s3.state.buckets).filter((name) => name.startsWith(stack.toLowerCase()));

describe("The undoing of a stack that fails", () => {
  it("Resources before the failure are made and undone, and Retain keeps those that RetainExceptOnCreate does not", async () => {
    const Buckets = {
      Kept: bucket("Retain"),
      Gone: bucket("RetainExceptOnCreate"),
      ...trusting("never", NOBODY, { DependsOn: ["Kept", "Gone"] }),
    };
    expect(await statusOf("Undone", Buckets)).toBe("ROLLBACK_COMPLETE");
    expect(bucketsOf("undone")).toEqual([`undone-kept-${ACCOUNT}`]);
    const events = await world.admin("DescribeStackEvents", { StackName: "Undone" });
    const shown = events
      .all("LogicalResourceId")
      .map((id, at) => `${id} ${events.all("ResourceStatus")[at]}`);
    expect(shown.toReversed().filter((one) => !one.startsWith("Undone"))).toEqual([
      ...["Kept CREATE_COMPLETE", "Gone CREATE_COMPLETE", "Role CREATE_FAILED"],
      ...["Gone DELETE_COMPLETE", "Kept DELETE_SKIPPED"],
    ]);
  });

  it("An update that fails takes away what it made, and leaves what there was", async () => {
    const before = { Old: bucket("Delete") };
    expect(await statusOf("Updated", before)).toBe("CREATE_COMPLETE");
    const after = {
      ...before,
      New: bucket("RetainExceptOnCreate"),
      ...trusting("never", NOBODY, { DependsOn: "New" }),
    };
    expect(await statusOf("Updated", after)).toBe("UPDATE_ROLLBACK_COMPLETE");
    expect(bucketsOf("updated")).toEqual([`updated-old-${ACCOUNT}`]);
  });

  it("A stack that stands keeps what RetainExceptOnCreate names", async () => {
    await statusOf("Standing", { Kept: bucket("RetainExceptOnCreate") });
    await world.admin("DeleteStack", { StackName: "Standing" });
    expect(bucketsOf("standing")).toEqual([`standing-kept-${ACCOUNT}`]);
  });
});

describe("The order of resources", () => {
  it("A role that is a principal has to come first, and words of an ARN do not say so", async () => {
    const Principal = roleResource("principal", ROOT);
    const trust = `arn:aws:iam::${ACCOUNT}:role/probe-principal`;
    const other = { ...trusting("truster", trust), Principal };
    expect(await statusOf("Unordered", other)).toBe("ROLLBACK_COMPLETE");
    const ordered = { ...trusting("truster", trust, { DependsOn: "Principal" }), Principal };
    expect(await statusOf("Ordered", ordered)).toBe("CREATE_COMPLETE");
  });

  it("A name that another stack's resource has is taken, until that stack has it no more", async () => {
    const Group = { Type: "AWS::Scheduler::ScheduleGroup", Properties: { Name: "moved" } };
    const Other = { Type: "AWS::Scheduler::ScheduleGroup", Properties: { Name: "stays" } };
    await statusOf("From", { Group, Other });
    expect(await statusOf("To", { Group })).toBe("ROLLBACK_COMPLETE");
    expect(await reasons("To")).toContain(
      "Resource of type 'AWS::Scheduler::ScheduleGroup' with identifier 'moved' already exists.",
    );
    await world.admin("DeleteStack", { StackName: "To" });
    await statusOf("From", { Other });
    expect(await statusOf("To", { Group })).toBe("CREATE_COMPLETE");
  });

  it("A resource with a name cannot have another logical id: it is made before the old one goes", async () => {
    const Named = { Type: "AWS::Scheduler::ScheduleGroup", Properties: { Name: "renamed" } };
    await statusOf("Renamed", { Named });
    expect(await statusOf("Renamed", { Other: Named })).toBe("UPDATE_ROLLBACK_COMPLETE");
  });
});

describe("A stack that cannot be deleted", () => {
  it("A bucket with objects keeps its stack, which is deleted once the bucket is empty", async () => {
    const StackName = "Buckets";
    const Resources = { Bucket: { Type: "AWS::S3::Bucket", Properties: { BucketName: "full" } } };
    await deployed(world.admin, StackName, JSON.stringify({ Resources }));
    store("full", "object", Buffer.from("x"));
    await world.admin("DeleteStack", { StackName });
    const stuck = await world.admin("DescribeStacks", { StackName });
    expect(stuck.first("StackStatus")).toBe("DELETE_FAILED");
    expect(await reasons(StackName)).toContain("The bucket you tried to delete is not empty");
    world.state.s3.change(({ buckets }) => {
      if (buckets["full"]) buckets["full"].objects = {};
    });
    await world.admin("DeleteStack", { StackName });
    expect((await world.admin("DescribeStacks", { StackName })).status).toBe(400);
    expect(world.state.s3.state.buckets).not.toHaveProperty("full");
  });

  it("A managed policy that another stack's role carries keeps its stack and nothing else of it, until that stack is gone", async () => {
    const PolicyDocument = { Version: "2012-10-17", Statement: [] };
    const Policy = {
      Type: "AWS::IAM::ManagedPolicy",
      Properties: { ManagedPolicyName: "shared", PolicyDocument },
    };
    const { Role } = FUNCTION_RESOURCES;
    const carried = [`arn:aws:iam::${ACCOUNT}:policy/shared`];
    const Carrier = { ...Role, Properties: { ...Role.Properties, ManagedPolicyArns: carried } };
    const Queue = { Type: "AWS::SQS::Queue", Properties: { QueueName: "beside" } };
    const queues = () => Object.keys(homeOf(world.state).sqs.state.queues);
    const stackOf = (Resources: object) => JSON.stringify({ Resources });
    const deleted = async (StackName: string) => {
      await world.admin("DeleteStack", { StackName });
      return (await world.admin("DescribeStacks", { StackName })).first("StackStatus");
    };
    await deployed(world.admin, "Policies", stackOf({ Policy, Own: Carrier, Queue }));
    await deployed(world.admin, "Carriers", stackOf({ Carrier }));
    expect(queues()).toContain("beside");
    expect(await deleted("Policies")).toBe("DELETE_FAILED");
    expect(queues()).not.toContain("beside");
    const left = await world.admin("ListStackResources", { StackName: "Policies" });
    expect(left.all("LogicalResourceId")).toEqual(["Policy"]);
    expect(await reasons("Policies")).toContain("Cannot delete a policy attached to entities.");
    expect([await deleted("Carriers"), await deleted("Policies")]).toEqual(["", ""]);
  });

  it("A later stack of a name makes resources with other names, so that what was retained stays apart", async () => {
    const Resources = { Kept: { Type: "AWS::S3::Bucket", DeletionPolicy: "Retain" } };
    const StackName = "Again";
    await deployed(world.admin, StackName, JSON.stringify({ Resources }));
    await world.admin("DeleteStack", { StackName });
    await deployed(world.admin, StackName, JSON.stringify({ Resources }));
    const names = Object.keys(world.state.s3.state.buckets).filter((one) =>
      one.startsWith("again"),
    );
    expect(names).toEqual([`again-kept-${ACCOUNT}`, `again-kept-2-${ACCOUNT}`]);
  });
});
