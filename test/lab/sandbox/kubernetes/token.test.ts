import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { awsCommand } from "../../../../lab/sandbox/kubernetes/kubeconfig.ts";
import { decodeToken, tokenVerifier } from "../../../../lab/sandbox/kubernetes/token.ts";
import { credential, iamStore, role } from "../aws/iam-world.ts";

const NOW = new Date("2026-11-24T10:10:00Z");
const PARAMETERS = {
  Action: "GetCallerIdentity",
  Version: "2011-06-15",
  "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
  "X-Amz-Credential": "ASIAEXAMPLE/20261124/us-west-2/sts/aws4_request",
  "X-Amz-Date": "20261124T101000Z",
  "X-Amz-Expires": "60",
  "X-Amz-SignedHeaders": "host;x-k8s-aws-id",
  "X-Amz-Signature": "00",
};

const encode = (url: string, prefix = "k8s-aws-v1."): string =>
  prefix + Buffer.from(url).toString("base64url");
const url = (changes: Readonly<Record<string, string>> = {}, base = "https://sts.amazonaws.com/") =>
  `${base}?${new URLSearchParams({ ...PARAMETERS, ...changes })}`;
const decoded = (token: string, now = NOW) => decodeToken(token, "prod", now);

describe("a token's form", () => {
  test("A token gives the signed request as it was sent, with the cluster put in", () => {
    const request = decoded(encode(url({}, "http://127.0.0.1:4566/")));
    expect(request).toMatchObject({
      method: "GET",
      target: `/?${new URLSearchParams(PARAMETERS)}`,
      headers: [
        ["host", "127.0.0.1:4566"],
        ["x-k8s-aws-id", "prod"],
      ],
    });
  });

  const refused: readonly (readonly [string, string])[] = [
    ["another prefix", encode(url(), "k8s-aws-v2.")],
    ["padding", `${encode(url())}=`],
    ["no URL inside", encode("hello")],
    ["another scheme", encode(url({}, "ftp://sts.amazonaws.com/"))],
    ["another path", encode(url({}, "https://sts.amazonaws.com/x"))],
    ["a user in the URL", encode(url({}, "https://u@sts.amazonaws.com/"))],
    ["a fragment", encode(`${url()}#x`)],
    ["a line feed", encode(`${url()}\n`)],
    ["another action", encode(url({ Action: "AssumeRole" }))],
    ["a parameter that is not expected", encode(url({ RoleArn: "x" }))],
    ["a parameter twice, in two cases", encode(`${url()}&action=GetCallerIdentity`)],
    ["the cluster's header unsigned", encode(url({ "X-Amz-SignedHeaders": "host" }))],
    ["an expiry over 15 minutes", encode(url({ "X-Amz-Expires": "901" }))],
    ["a negative expiry", encode(url({ "X-Amz-Expires": "-1" }))],
    ["a date in another form", encode(url({ "X-Amz-Date": "2026-11-24T10:10:00Z" }))],
    ["a date that does not exist", encode(url({ "X-Amz-Date": "20261324T101000Z" }))],
    ["over 4096 bytes", encode(url({ "X-Amz-Security-Token": "x".repeat(4096) }))],
  ];
  test.each(refused)("A token with %s is refused", (_what, token) => {
    expect(decoded(token)).toBeUndefined();
  });

  test.each([
    ["20261124T095500Z", true],
    ["20261124T095459Z", false],
    ["20261124T101500Z", true],
    ["20261124T101501Z", false],
  ])("A token dated %s counts at 10:10:00: %o", (date, counts) => {
    expect(decoded(encode(url({ "X-Amz-Date": date }))) !== undefined).toBe(counts);
  });
});

describe("a token of the AWS CLI", () => {
  const alice = role("alice", { path: "/people/" });
  const key = credential(alice);
  const output = execFileSync(
    awsCommand(),
    ["eks", "get-token", "--cluster-name", "prod", "--output", "json"],
    {
      env: {
        PATH: process.env["PATH"] ?? "",
        AWS_CONFIG_FILE: "/dev/null",
        AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
        AWS_REGION: "us-west-2",
        AWS_ACCESS_KEY_ID: key.accessKeyId,
        AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
        AWS_SESSION_TOKEN: key.sessionToken ?? "",
      },
    },
  );
  const { token } = JSON.parse(output.toString()).status as { token: string };
  const verifierAt = (minutes: number, store = iamStore(alice)) =>
    tokenVerifier(store, () => new Date(Date.now() + minutes * 60_000));

  test("A token of the AWS CLI proves its role's session, only in its own cluster", () => {
    expect(verifierAt(0)(token, "prod")).toMatchObject({
      arn: "arn:aws:sts::111122223333:assumed-role/alice/session",
      userId: `${alice.roleId}:session`,
    });
    expect(verifierAt(0)(token, "staging")).toBeUndefined();
  });

  test("A token of the AWS CLI is good for 14 minutes and not for 16", () => {
    expect(verifierAt(14)(token, "prod")).toBeDefined();
    expect(verifierAt(16)(token, "prod")).toBeUndefined();
  });

  test("A token of the AWS CLI proves nobody once its role was deleted and made again", () => {
    const store = iamStore(alice);
    store.change((state) => {
      state.roles[alice.arn] = { ...alice, roleId: "AROASECOND" };
    });
    expect(verifierAt(0, store)(token, "prod")).toBeUndefined();
  });
});
