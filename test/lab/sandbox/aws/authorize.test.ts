import { describe, expect, test } from "vitest";
import { serviceMayAssume } from "../../../../lab/sandbox/aws/assume-role-decision.ts";
import { decide, demand } from "../../../../lab/sandbox/aws/authorize.ts";
import type { IamRole, PolicyDocument } from "../../../../lab/sandbox/aws/iam/state.ts";
import { identify } from "../../../../lab/sandbox/aws/identities.ts";
import type { PermissionCheck } from "../../../../lab/sandbox/aws/service.ts";
import { ACCOUNT, credential, document, iamStore, role, statement } from "./iam-world.ts";

const NOW = new Date("2026-11-24T10:00:00.000Z");
const CLUSTER = `arn:aws:eks:us-west-2:${ACCOUNT}:cluster/prod`;
const ENTRY = `arn:aws:eks:us-west-2:${ACCOUNT}:access-entry/prod/role/${ACCOUNT}/alice/14cec08a-6ad3-db0d-163e-5abedd344426`;

/** The decision about one check, for a role with this policy. */
async function decision(policy: PolicyDocument, check: PermissionCheck, now = NOW, path = "/") {
  const caller = role("broker", { policy, path });
  const { state } = iamStore(caller);
  return decide(state, callerOf(caller), check, now);
}

function callerOf(of: IamRole, more: { sourceIdentity?: string } = {}) {
  const { accessKeyId, sessionToken } = credential(of);
  return { ...identify(iamStore(of).state, accessKeyId, sessionToken, NOW).caller, ...more };
}

const associate = (context: PermissionCheck["context"]): PermissionCheck => ({
  action: "eks:AssociateAccessPolicy",
  resource: ENTRY,
  context: context ?? {},
});

describe("a policy", () => {
  test("A policy allows what its action and resource match, and nothing else", async () => {
    const policy = document(statement("eks:Describe*", CLUSTER));
    const ask = (action: string, resource: string) => decision(policy, { action, resource });
    expect(await ask("eks:DescribeCluster", CLUSTER)).toBe("Allowed");
    expect(await ask("eks:DescribeCluster", `${CLUSTER}-2`)).toBe("ImplicitlyDenied");
    expect(await ask("eks:UpdateClusterConfig", CLUSTER)).toBe("ImplicitlyDenied");
    expect(await ask("eks:DescribeAccessEntry", ENTRY)).toBe("ImplicitlyDenied");
  });

  test("A policy compares the text of a resource even if it is not one of the action's", async () => {
    const check = { action: "eks:DescribeCluster", resource: `${CLUSTER}/what/is this` };
    expect(await decision(document(statement("eks:*")), check)).toBe("Allowed");
    expect(await decision(document(statement("eks:*", CLUSTER)), check)).toBe("ImplicitlyDenied");
  });

  test("A policy compares every namespace of a request, and refuses wildcards that are written out", async () => {
    const policy = document(
      statement("eks:AssociateAccessPolicy", "*", {
        Condition: {
          "ForAllValues:StringLike": { "eks:namespaces": ["payments-*"] },
          Null: { "eks:namespaces": "false" },
        },
      }),
      {
        ...statement("eks:AssociateAccessPolicy"),
        Effect: "Deny",
        // biome-ignore lint/suspicious/noTemplateCurlyInString: an IAM policy variable, the literal asterisk
        Condition: { "ForAnyValue:StringLike": { "eks:namespaces": ["*${*}*"] } },
      },
    );
    const ask = (...namespaces: string[]) =>
      decision(policy, associate(namespaces.length === 0 ? {} : { "eks:namespaces": namespaces }));
    expect(await ask("payments-api", "payments-db")).toBe("Allowed");
    expect(await ask("payments-api", "kube-system")).toBe("ImplicitlyDenied");
    expect(await ask("payments-*")).toBe("ExplicitlyDenied");
    expect(await ask()).toBe("ImplicitlyDenied");
  });

  test("A policy sees a condition key only on the actions that have it", async () => {
    const policy = document(
      statement("eks:*", "*", { Condition: { Null: { "eks:policyArn": "true" } } }),
    );
    const context = {
      "eks:policyArn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
    };
    expect(await decision(policy, associate(context))).toBe("ImplicitlyDenied");
    expect(
      await decision(policy, { action: "eks:DescribeCluster", resource: CLUSTER, context }),
    ).toBe("Allowed");
  });

  test("A policy sees tags of the request and of the resource", async () => {
    const policy = document(
      statement("eks:DeleteAccessEntry", "*", {
        Condition: { StringEquals: { "aws:ResourceTag/timelatch:token": "mine" } },
      }),
    );
    const ask = (token: string) =>
      decision(policy, {
        action: "eks:DeleteAccessEntry",
        resource: ENTRY,
        context: { "aws:ResourceTag/timelatch:token": token },
      });
    expect(await ask("mine")).toBe("Allowed");
    expect(await ask("theirs")).toBe("ImplicitlyDenied");
  });

  test.each<[string, Record<string, unknown>]>([
    [
      "aws:PrincipalArn",
      { ArnEquals: { "aws:PrincipalArn": `arn:aws:iam::${ACCOUNT}:role/x/broker` } },
    ],
    ["aws:userid", { StringLike: { "aws:userid": "AROABROKER*:session" } }],
    ["aws:PrincipalAccount", { StringEquals: { "aws:PrincipalAccount": ACCOUNT } }],
    ["aws:SecureTransport", { Bool: { "aws:SecureTransport": "true" } }],
  ])("A policy sees the caller's %s", async (_key, Condition) => {
    const check = { action: "eks:DescribeCluster", resource: CLUSTER };
    const policy = document(statement("eks:*", "*", { Condition }));
    expect(await decision(policy, check, NOW, "/x/")).toBe("Allowed");
    const denies = document(statement("eks:*"), {
      ...statement("eks:*"),
      Effect: "Deny",
      Condition,
    });
    expect(await decision(denies, check, NOW, "/x/")).toBe("ExplicitlyDenied");
  });

  test("A policy sees the session's source identity, and what a service says of whom it calls for", async () => {
    const broker = role("broker", {
      policy: document(
        statement("eks:DescribeCluster", "*", {
          Condition: { StringEquals: { "aws:SourceIdentity": "alice" } },
        }),
        statement("eks:ListAccessEntries", "*", {
          Condition: { StringEquals: { "aws:SourceAccount": ACCOUNT } },
        }),
      ),
    });
    const { state } = iamStore(broker);
    const describeCluster = { action: "eks:DescribeCluster", resource: CLUSTER };
    const as = (sourceIdentity: string) => callerOf(broker, { sourceIdentity });
    expect(await decide(state, as("alice"), describeCluster, NOW)).toBe("Allowed");
    expect(await decide(state, as("bob"), describeCluster, NOW)).toBe("ImplicitlyDenied");
    expect(await decide(state, callerOf(broker), describeCluster, NOW)).toBe("ImplicitlyDenied");
    const entries = { action: "eks:ListAccessEntries", resource: CLUSTER };
    const context = { "aws:SourceAccount": ACCOUNT };
    expect(await decide(state, callerOf(broker), { ...entries, context }, NOW)).toBe("Allowed");
    expect(await decide(state, callerOf(broker), entries, NOW)).toBe("ImplicitlyDenied");
  });

  test("A policy that asks for the time is asked again each time", async () => {
    const broker = role("broker", {
      policy: document(
        statement("eks:*", "*", {
          Condition: { DateLessThan: { "aws:CurrentTime": "2026-11-24T12:00:00Z" } },
        }),
      ),
    });
    const { state } = iamStore(broker);
    const ask = (now: Date) =>
      decide(state, callerOf(broker), { action: "eks:DescribeCluster", resource: CLUSTER }, now);
    expect(await ask(NOW)).toBe("Allowed");
    expect(await ask(new Date("2026-11-24T12:00:01.000Z"))).toBe("ImplicitlyDenied");
  });

  test("A policy with a condition that the sandbox does not fill decides nothing", async () => {
    const policy = document(
      statement("dynamodb:*", "*", {
        Condition: { "ForAllValues:StringEquals": { "dynamodb:Attributes": ["pk"] } },
      }),
    );
    await expect(
      decision(policy, { action: "eks:DescribeCluster", resource: CLUSTER }),
    ).rejects.toThrow("dynamodb:Attributes, which the sandbox does not fill");
  });
});

describe("a refusal", () => {
  const broker = role("broker", {
    policy: document({ ...statement("eks:DescribeCluster"), Effect: "Deny" }),
  });
  const ask = (action: string, kind: "rest-json" | "json" | "query", skip = false) =>
    demand(iamStore(broker).state, [{ action, resource: CLUSTER, skip }], {
      caller: callerOf(broker),
      kind,
      now: NOW,
    });
  const who = `User: arn:aws:sts::${ACCOUNT}:assumed-role/broker/session is not authorized to perform`;

  test("A refusal says in AWS's words that no policy allows, or that one denies", async () => {
    await expect(ask("eks:ListAccessEntries", "rest-json")).rejects.toMatchObject({
      code: "AccessDeniedException",
      status: 403,
      message: `${who}: eks:ListAccessEntries on resource: ${CLUSTER} because no identity-based policy allows the eks:ListAccessEntries action`,
    });
    await expect(ask("eks:DescribeCluster", "rest-json")).rejects.toMatchObject({
      message: `${who}: eks:DescribeCluster on resource: ${CLUSTER} with an explicit deny in an identity-based policy`,
    });
  });

  test("A refusal has the name and the status of its protocol", async () => {
    await expect(ask("eks:DescribeCluster", "query")).rejects.toMatchObject({
      code: "AccessDenied",
      status: 403,
    });
    await expect(ask("eks:DescribeCluster", "json")).rejects.toMatchObject({
      code: "AccessDeniedException",
      status: 400,
    });
  });

  test("A check of a thing that does not exist is skipped", async () => {
    await expect(ask("eks:DescribeCluster", "rest-json", true)).resolves.toBeUndefined();
  });
});

describe("a service", () => {
  const fuse = role("fuse", {
    trust: document({
      Effect: "Allow",
      Principal: { Service: "scheduler.amazonaws.com" },
      Action: "sts:AssumeRole",
      Condition: {
        StringEquals: { "aws:SourceAccount": ACCOUNT },
        ArnLike: { "aws:SourceArn": `arn:aws:scheduler:us-west-2:${ACCOUNT}:schedule-group/fuses` },
      },
    }),
  });
  const may = (principal: string, context: Record<string, string>, arn = fuse.arn) =>
    serviceMayAssume(iamStore(fuse).state, arn, principal, context);
  const context = {
    "aws:SourceAccount": ACCOUNT,
    "aws:SourceArn": `arn:aws:scheduler:us-west-2:${ACCOUNT}:schedule-group/fuses`,
  };

  test("A service may assume a role that trusts it, for the source that the trust names", () => {
    expect(may("scheduler.amazonaws.com", context)).toBe(true);
    expect(may("lambda.amazonaws.com", context)).toBe(false);
    expect(may("scheduler.amazonaws.com", {})).toBe(false);
    expect(may("scheduler.amazonaws.com", { ...context, "aws:SourceAccount": "1" })).toBe(false);
    expect(may("scheduler.amazonaws.com", context, `${fuse.arn}-2`)).toBe(false);
  });
});
