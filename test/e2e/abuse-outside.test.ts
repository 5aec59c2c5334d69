/**
 * Events around the broker: changes of others to entries, roles, clusters, queues and schedules.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { revocationName } from "../../shared/aws/scheduler/wanted-schedule.ts";
import { bindingKey } from "../../shared/domain/entries/binding.ts";
import { verifyChains } from "../../shared/domain/requests/audit-chain.ts";
import { type AuditEvent, findingsIn } from "../../shared/domain/requests/audit-event.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import { principalArnOf } from "../sample-principals.ts";
import { newFolder } from "./abuse-sandbox.ts";
import { apiPerson, editIn } from "./api-person.ts";
import {
  associatedPolicies,
  policyArn,
  type ScopesByPolicy,
  scope,
} from "./associated-policies.ts";
import { eventually } from "./eventually.ts";
import { aws, awsJson, runAs } from "./real-clients.ts";
import { remoteRegion } from "./remote-region.ts";
import { threeEngineers } from "./sample-access.ts";
import { profileKeys, type SandboxProcess, startSandboxProcess } from "./sandbox-process.ts";

let sandbox: SandboxProcess;
beforeAll(async () => {
  const args = ["--dir", newFolder(), "--minute-seconds", "2"];
  sandbox = await startSandboxProcess(args, { TIMELATCH_ACCESS: threeEngineers() });
});
afterAll(async () => {
  await sandbox.stop();
});

const EDIT = policyArn("AmazonEKSEditPolicy");
const VIEW = policyArn("AmazonEKSViewPolicy");
const cluster = (name: string) => `arn:aws:eks:us-west-2:111122223333:cluster/${name}`;
const WHOLE = { type: "cluster", namespaces: [] };

const person = (name: string) => apiPerson(sandbox, name);
const admin = (...args: string[]) => awsJson(sandbox, "admin", ...args);
const entry = (name: string, of: string) => [
  ...["--cluster-name", name],
  ...["--principal-arn", principalArnOf(of)],
];
const associated = (name: string, of: string) => associatedPolicies(sandbox, name, of);

/** Waits until every message that was sent to a queue has been received and deleted. */
const untilAllRead = (queueUrl: string) => {
  const names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"];
  const asked = ["sqs", "get-queue-attributes", "--queue-url", queueUrl, "--attribute-names"];
  return eventually(
    () => admin(...asked, ...names),
    ({ Attributes }) => names.every((name) => Attributes[name] === "0"),
  );
};

/** As an auditor reads it: others see no proof, and cannot verify its chain. */
async function historyOf({ id }: RequestAnswer): Promise<readonly AuditEvent[]> {
  const { events } = (await person("dave").get(`/v1/requests/${id}/events`)).body;
  expect(verifyChains(events)).toEqual([]);
  return events;
}

const viewOnStaging = (name: string, duration: string) =>
  person(name).ask({
    cluster: "staging",
    access: { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } },
    duration,
    reason: "looking around",
  });

/** One after the other, since the second deletes the cluster. Both groups run side by side. */
describe.concurrent("Changes made around the broker on staging", () => {
  it("A standing entry is restored exactly, even with another scope of the same policy", {
    concurrent: false,
  }, async () => {
    await admin(
      "eks",
      "create-access-entry",
      ...entry("staging", "bob"),
      "--kubernetes-groups",
      "readers",
    );
    const before = { type: "namespace", namespaces: "default" };
    await admin(
      ...["eks", "associate-access-policy", ...entry("staging", "bob"), "--policy-arn", VIEW],
      ...["--access-scope", `type=${before.type},namespaces=${before.namespaces}`],
    );
    const described = await admin("eks", "describe-access-entry", ...entry("staging", "bob"));
    const grant = await viewOnStaging("bob", "60s");
    await person("bob").until(grant, ["active"]);
    expect(await associated("staging", "bob")).toEqual({ [VIEW]: WHOLE });
    await person("bob").until(grant, ["ended"], 75);
    expect(await associated("staging", "bob")).toEqual({ [VIEW]: scope("default") });
    expect(await admin("eks", "describe-access-entry", ...entry("staging", "bob"))).toEqual(
      described,
    );
  });

  it("A deleted cluster ends its grants, and a new cluster with its name inherits none", {
    concurrent: false,
  }, async () => {
    const grant = await viewOnStaging("carol", "5m");
    await person("carol").until(grant, ["active"]);
    await admin("eks", "delete-cluster", "--name", "staging");
    const ended = await person("carol").until(grant, ["ended"], 75);
    expect(ended.outcome?.code).toBe("cluster-gone");
    await eventually(
      () =>
        person("carol").post("/v1/requests", {
          cluster: "staging",
          access: { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } },
          reason: "looking around",
        }),
      ({ status }) => status === 409,
      60,
    );
    const roleArn = "arn:aws:iam::111122223333:role/admin";
    await admin(
      ...["eks", "create-cluster", "--name", "staging", "--role-arn", roleArn],
      ...["--resources-vpc-config", "subnetIds=subnet-1,subnet-2"],
      ...[
        "--access-config",
        "authenticationMode=API,bootstrapClusterCreatorAdminPermissions=false",
      ],
    );
    await pause(7_000);
    expect(await associated("staging", "carol")).toBeUndefined();
  });
});

const SPOKE = "444455556666";

describe.concurrent("A cluster in another account than the broker's", () => {
  const ofSpoke = (role: string) => `arn:aws:iam::${SPOKE}:role/${role}`;
  const assume = (who: string, role: string, ...more: string[]) =>
    aws(sandbox, who, "sts", "assume-role", "--role-arn", ofSpoke(role), ...more);

  /** The answer of kubectl under heidi's own role in that account. */
  async function podsForHeidi(context: string) {
    const role = "timelatch/people/timelatch-person-heidi";
    const settings = { endpoint: sandbox.awsUrl, region: "us-west-2" };
    const sts = new STSClient({ ...settings, credentials: profileKeys(sandbox, "heidi") });
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({ RoleArn: ofSpoke(role), RoleSessionName: "heidi" }),
    );
    const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = Credentials ?? {};
    const env = {
      AWS_ACCESS_KEY_ID: AccessKeyId,
      AWS_SECRET_ACCESS_KEY: SecretAccessKey,
      AWS_SESSION_TOKEN: SessionToken,
      KUBECONFIG: sandbox.kubeconfig,
    };
    const args = ["--context", context, "get", "pods", "--namespace", "shop"];
    return await runAs(sandbox, "heidi", "kubectl", args, { env });
  }

  /** EventBridge gets no event of the next change of an entry there, so nothing is forwarded. */
  const loseNextEvent = async () => {
    const lost = { kind: "trail", effect: "lose-event", service: "eks", count: 1 };
    const body = JSON.stringify({ ...lost, operation: "AssociateAccessPolicy", account: SPOKE });
    const set = await fetch(`${sandbox.awsUrl}/_sandbox/faults`, { method: "POST", body });
    expect(set.status).toBe(201);
  };

  /** A fuse that cannot fire is kept in a queue there, which is what the alarm there looks at. */
  async function loseFuse(there: ReturnType<typeof remoteRegion>, fuse: string, name: string) {
    await there.breakFuses();
    await there.fire(fuse);
    await eventually(
      () => there.lostFuses(),
      (held) => held === 1,
    );
    const { Body = "", MessageAttributes: why } = (await there.lostFuse()) ?? {};
    expect(JSON.parse(Body)).toMatchObject({ ClusterName: name, PolicyArn: VIEW });
    expect(why).toMatchObject({
      ERROR_CODE: { StringValue: "AccessDeniedException" },
      SCHEDULE_ARN: { StringValue: expect.stringContaining(`:eu-west-1:${SPOKE}:`) },
    });
    expect(await there.alarms()).toMatchObject([
      {
        ...{ MetricName: "ApproximateNumberOfMessagesVisible", Namespace: "AWS/SQS" },
        ...{ Dimensions: [{ Name: "QueueName", Value: "timelatch-lost-fuses" }], Threshold: 1 },
        ComparisonOperator: "GreaterThanOrEqualToThreshold",
      },
    ]);
    await there.repairFuses();
  }

  it.each([
    ["us-west-2", "overseas"],
    ["eu-west-1", "ireland"],
  ])(
    "Access in %s is lent for the person's role of that account, works, has its fuse there, and ends",
    async (region, name) => {
      await loseNextEvent();
      // A grant that ends before its fuse is fired takes that fuse along.
      const losesFuse = region === "eu-west-1";
      const asked = await person("heidi").ask({
        cluster: name,
        access: { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } },
        duration: losesFuse ? "10m" : "40s",
        reason: "looking around",
      });
      expect(asked.principalArn).toBe(ofSpoke("timelatch/people/timelatch-person-heidi"));
      expect((await podsForHeidi(name)).code).not.toBe(0);
      const grant = await person("bob").approve(asked);
      await person("heidi").until(grant, ["active"]);
      expect(await podsForHeidi(name)).toMatchObject({
        code: 0,
        stdout: expect.stringContaining("-5d8f7c9b6-"),
      });
      const there = remoteRegion(sandbox, region);
      // Each region has only the fuse of its own cluster.
      const fuses = await there.fuses();
      expect(fuses).toEqual([expect.stringMatching(/^f-/)]);
      if (losesFuse) {
        await loseFuse(there, fuses[0] ?? "", name);
        await person("heidi").post(`/v1/requests/${grant.id}/return`, {});
      }
      await person("heidi").until(grant, ["ended"], 60);
      expect((await podsForHeidi(name)).code).not.toBe(0);
      // CloudTrail of that account confirms them: its events are forwarded, and a lost one is looked up there.
      const { calls } = await eventually(
        async () => (await person("dave").get(`/v1/requests/${grant.id}/evidence`)).body,
        ({ calls: all }) => all.every(({ state }: { state: string }) => state === "confirmed"),
        60,
      );
      expect(calls.length).toBeGreaterThan(2);
      const recorded = await eventually(
        () => there.recorded("AssociateAccessPolicy"),
        (found) => found.length > 0,
      );
      expect(new Set(recorded)).toEqual(new Set([`${region} ${name}`]));
    },
  );

  it("A cluster is known only in its own region", async () => {
    await expect(remoteRegion(sandbox, "us-west-2").clusterArn("ireland")).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
    const arn = await remoteRegion(sandbox, "eu-west-1").clusterArn("ireland");
    expect(arn).toBe(`arn:aws:eks:eu-west-1:${SPOKE}:cluster/ireland`);
  });

  it("An administrator of that account puts no event of EKS on the hub's bus, and takes no role of Timelatch there", async () => {
    const busName = "arn:aws:events:us-west-2:111122223333:event-bus/timelatch-trail";
    const event = [{ Source: "aws.eks", DetailType: "t", Detail: "{}", EventBusName: busName }];
    const entries = JSON.stringify(event);
    const refused = { code: 254, stderr: expect.stringContaining("AccessDenied") };
    const put = await aws(sandbox, "spoke-admin", "events", "put-events", "--entries", entries);
    expect(JSON.parse(put.stdout)).toMatchObject({
      FailedEntryCount: 1,
      Entries: [{ ErrorCode: "NotAuthorizedForSource" }],
    });
    for (const role of ["timelatch-grantor", "timelatch-fuse", "timelatch-forward"])
      expect(await assume("spoke-admin", role, "--role-session-name", "timelatch-1")).toMatchObject(
        refused,
      );
  });

  it("Nobody but converge may assume the grantor role there, not even the hub's administrator", async () => {
    const session = ["--role-session-name", "timelatch-grant-1", "--source-identity", "alice"];
    const id = ["--external-id", "timelatch:111122223333"];
    const tried = await assume("admin", "timelatch-grantor", ...session, ...id);
    expect(tried).toMatchObject({ code: 254, stderr: expect.stringContaining("AccessDenied") });
  });
});

describe.concurrent("Changes made around the broker on prod", () => {
  it("Forged, early, repeated and foreign messages change nothing, and access ends without its schedule", async () => {
    const asked = await person("alice").ask({ duration: "50s" });
    const group = bindingKey(cluster("prod"), principalArnOf("alice"));
    const { QueueUrl } = await admin(
      "sqs",
      "get-queue-url",
      "--queue-name",
      "timelatch-converge.fifo",
    );
    const forge = (body: object) =>
      admin(
        ...["sqs", "send-message", "--queue-url", QueueUrl, "--message-group-id", group],
        ...["--message-deduplication-id", randomUUID(), "--message-body", JSON.stringify(body)],
      );
    await forge({ binding: group, cause: "approved", access: { policy: "AmazonEKSAdminPolicy" } });
    await untilAllRead(QueueUrl);
    expect(await associated("prod", "alice")).toBeUndefined();
    const grant = await person("bob").approve(asked);
    await person("alice").until(grant, ["active"]);
    const name = revocationName(grant.id, group);
    const schedule = ["--group-name", "timelatch", "--name", name];
    const { Target } = await admin("scheduler", "get-schedule", ...schedule);
    for (let times = 0; times < 3; times += 1) await forge(JSON.parse(Target.Input));
    await untilAllRead(QueueUrl);
    expect(await associated("prod", "alice")).toEqual({ [EDIT]: scope("payments-api") });
    // On a busy machine a run may store its calls before the next one sees the access.
    const told = (await historyOf(grant)).filter(
      (event) => event.type !== "evidence" || findingsIn(event).length > 0,
    );
    expect(told.map(({ type }) => type)).toEqual(["request", "approve", "activate"]);
    await aws(sandbox, "admin", "scheduler", "delete-schedule", ...schedule);
    const ended = await person("alice").until(grant, ["ended"], 60);
    expect(ended.endedAt && ended.endedAt <= (grant.expiresAt ?? "")).toBe(true);
    expect(await associated("prod", "alice")).toBeUndefined();
  });

  it("Edits by others are reported; access that a grant needs is repaired, and nothing else", async () => {
    const grant = await person("bob").approve(
      await person("mallory").ask({ access: editIn("payments-worker"), duration: "100s" }),
    );
    await person("mallory").until(grant, ["active"]);
    const theirs = ["--policy-arn", VIEW, "--access-scope", "type=namespace,namespaces=theirs"];
    await admin("eks", "associate-access-policy", ...entry("prod", "mallory"), ...theirs);
    const ours = [...entry("prod", "mallory"), "--policy-arn", EDIT];
    await admin("eks", "disassociate-access-policy", ...ours);
    const both = { [EDIT]: scope("payments-worker"), [VIEW]: scope("theirs") };
    const inOrder = (found: ScopesByPolicy = {}) => JSON.stringify(Object.entries(found).sort());
    await eventually(
      () => associated("prod", "mallory"),
      (found) => inOrder(found) === inOrder(both),
      60,
    );
    // Recorded at the end of the run that repaired it.
    await eventually(
      async () => (await historyOf(grant)).flatMap(findingsIn).map(({ code }) => code),
      (codes) => codes.includes("entry-edited"),
    );
    await person("mallory").post(`/v1/requests/${grant.id}/return`, {});
    await person("mallory").until(grant, ["ended"]);
    expect(await associated("prod", "mallory")).toEqual({ [VIEW]: scope("theirs") });
    await admin("eks", "delete-access-entry", ...entry("prod", "mallory"));
  });
});
