import { describe, expect, test } from "vitest";
import type { AccessEntry, AuthenticationMode } from "../../../../lab/sandbox/aws/eks/state.ts";
import type { Caller } from "../../../../lab/sandbox/aws/service.ts";
import { authenticate } from "../../../../lab/sandbox/kubernetes/authenticate.ts";
import { ACCOUNT, caller, entry, objectStore, roleArn } from "./cluster-world.ts";

const MAP_ROLES = `
- rolearn: arn:aws:iam::${ACCOUNT}:role/Alice
  username: mapped:{{SessionName}}
  groups: [from-config-map]
- rolearn: ${roleArn("bob")}
  username: bob
`;

interface Cluster {
  readonly mode?: AuthenticationMode;
  readonly entries?: readonly AccessEntry[];
  readonly awsAuth?: Readonly<Record<string, string>>;
}

function login(who: Caller, { mode = "API", entries = [], awsAuth }: Cluster) {
  const objects = objectStore(
    awsAuth === undefined
      ? []
      : [
          {
            apiVersion: "v1",
            kind: "ConfigMap",
            metadata: { name: "aws-auth", namespace: "kube-system" },
            data: awsAuth,
          },
        ],
  );
  return authenticate(who, { authenticationMode: mode, entries }, objects.state);
}

const username = (who: Caller, cluster: Cluster) => login(who, cluster).user?.username;

describe("an access entry", () => {
  test("An access entry makes a user of its template and groups, and keeps the session's name in extra", () => {
    const entries = [entry("alice", { groups: ["eks-admins"] })];
    expect(login(caller("alice"), { entries })).toEqual({
      user: {
        username: `arn:aws:sts::${ACCOUNT}:assumed-role/alice/alice-example.com`,
        uid: `aws-iam-authenticator:${ACCOUNT}:AROAALICE`,
        groups: ["eks-admins", "system:authenticated"],
        extra: {
          accessKeyId: ["ASIAEXAMPLE"],
          arn: [`arn:aws:sts::${ACCOUNT}:assumed-role/alice/alice@example.com`],
          canonicalArn: [`arn:aws:iam::${ACCOUNT}:role/alice`],
          principalId: ["AROAALICE"],
          sessionName: ["alice@example.com"],
          "sigs.k8s.io/aws-iam-authenticator/principalId": ["AROAALICE"],
        },
      },
    });
  });

  test("An access entry fills account, access key and session into a username", () => {
    const entries = [entry("alice", { username: "{{AccountID}}:{{AccessKeyID}}:{{SessionName}}" })];
    expect(username(caller("alice"), { entries })).toBe(`${ACCOUNT}:ASIAEXAMPLE:alice-example.com`);
  });

  test("An access entry puts in a session's name as it is, though it holds a template's or a pattern's signs", () => {
    const entries = [entry("alice", { username: "u:{{SessionName}}" })];
    const odd = caller("alice", {
      arn: `arn:aws:sts::${ACCOUNT}:assumed-role/alice/$&=+,.`,
    });
    expect(username(odd, { entries })).toBe("u:$&=+,.");
  });

  test.each(["EC2PrivateDNSName", "SessionNameRaw", "constructor"])(
    "An access entry with the template {{%s}}, which is not emulated, lets nobody in, and the reason names it",
    (name) => {
      const entries = [entry("alice", { username: `u:{{${name}}}` })];
      expect(login(caller("alice"), { entries })).toEqual({
        refused: `the username template {{${name}}} is not emulated`,
      });
    },
  );

  test("An access entry is dead once its role was deleted and made again", () => {
    const entries = [entry("alice", { principalId: "AROAFORMER" })];
    expect(login(caller("alice"), { entries })).toEqual({
      refused: expect.stringContaining("the principal was recreated"),
    });
  });

  test("An access entry of the same unique id but another ARN is refused", () => {
    const entries = [{ ...entry("alice"), principalArn: roleArn("other") }];
    expect(login(caller("alice"), { entries }).user).toBeUndefined();
  });

  test("An access entry of an IAM user keeps the user's path", () => {
    const arn = `arn:aws:iam::${ACCOUNT}:user/ops/zoe`;
    const zoe = caller("zoe", { arn, userId: "AIDAZOE" });
    const entries = [
      { ...entry("zoe", { username: arn, principalId: "AIDAZOE" }), principalArn: arn },
    ];
    expect(username(zoe, { entries })).toBe(arn);
  });
});

describe("the authentication mode", () => {
  const entries = [entry("alice")];
  const awsAuth = { mapRoles: MAP_ROLES };
  const byEntry = `arn:aws:sts::${ACCOUNT}:assumed-role/alice/alice-example.com`;

  test.each([
    ["API", byEntry],
    ["API_AND_CONFIG_MAP", byEntry],
    ["CONFIG_MAP", "mapped:alice-example.com"],
  ] as const)("The mode %s makes %s of a principal in both places", (mode, expected) => {
    expect(username(caller("alice"), { mode, entries, awsAuth })).toBe(expected);
  });

  test.each([
    ["API", undefined],
    ["API_AND_CONFIG_MAP", "mapped:alice-example.com"],
    ["CONFIG_MAP", "mapped:alice-example.com"],
  ] as const)("The mode %s makes %s of a principal only in aws-auth", (mode, expected) => {
    expect(username(caller("alice"), { mode, awsAuth })).toBe(expected);
  });

  test.each([
    ["API", byEntry],
    ["API_AND_CONFIG_MAP", byEntry],
    ["CONFIG_MAP", undefined],
  ] as const)("The mode %s makes %s of a principal only with an entry", (mode, expected) => {
    expect(username(caller("alice"), { mode, entries })).toBe(expected);
  });

  test("API_AND_CONFIG_MAP falls back to aws-auth for a principal whose entry is dead", () => {
    const dead = [entry("alice", { principalId: "AROAFORMER" })];
    const mode = "API_AND_CONFIG_MAP";
    expect(username(caller("alice"), { mode, entries: dead, awsAuth })).toBe(
      "mapped:alice-example.com",
    );
  });
});

describe("aws-auth", () => {
  const mode = "CONFIG_MAP";

  test("The aws-auth ConfigMap gives its groups besides system:authenticated", () => {
    const { user } = login(caller("alice"), { mode, awsAuth: { mapRoles: MAP_ROLES } });
    expect(user?.groups).toEqual(["from-config-map", "system:authenticated"]);
  });

  test("The aws-auth ConfigMap does not match a role's ARN that still has its path", () => {
    expect(username(caller("bob"), { mode, awsAuth: { mapRoles: MAP_ROLES } })).toBeUndefined();
  });

  test("The last mapping of a role in aws-auth counts", () => {
    const line = (name: string) =>
      `- { rolearn: "arn:aws:iam::${ACCOUNT}:role/alice", username: ${name} }\n`;
    const awsAuth = { mapRoles: line("first") + line("last") };
    expect(username(caller("alice"), { mode, awsAuth })).toBe("last");
  });

  test("The aws-auth ConfigMap maps users and whole accounts", () => {
    const arn = `arn:aws:iam::${ACCOUNT}:user/zoe`;
    const zoe = caller("zoe", { arn, userId: "AIDAZOE" });
    const mapUsers = `[{ userarn: "${arn}", username: zoe, groups: [] }]`;
    expect(username(zoe, { mode, awsAuth: { mapUsers } })).toBe("zoe");
    expect(username(zoe, { mode, awsAuth: { mapAccounts: `["${ACCOUNT}"]` } })).toBe(arn);
    expect(username(zoe, { mode, awsAuth: { mapAccounts: '["444455556666"]' } })).toBeUndefined();
  });

  test("The aws-auth ConfigMap that is no YAML, or no list, maps nobody", () => {
    for (const mapRoles of ["[", "a: b", "- rolearn: 1"]) {
      expect(username(caller("alice"), { mode, awsAuth: { mapRoles } })).toBeUndefined();
    }
  });
});
