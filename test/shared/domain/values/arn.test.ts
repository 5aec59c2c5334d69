import { describe, expect, it } from "vitest";
import {
  parseClusterArn,
  parsePrincipalArn,
  parseSessionArn,
} from "../../../../shared/domain/values/arn.ts";

describe("A principal ARN", () => {
  it("A principal ARN is parsed into its parts, including the path", () => {
    expect(parsePrincipalArn("arn:aws:iam::111122223333:role/people/alice")).toEqual({
      partition: "aws",
      account: "111122223333",
      kind: "role",
      path: "/people/",
      name: "alice",
    });
    const sso =
      "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/us-west-2/AWSReservedSSO_Dev_0123456789abcdef";
    expect(parsePrincipalArn(sso)?.path).toBe("/aws-reserved/sso.amazonaws.com/us-west-2/");
    expect(parsePrincipalArn("arn:aws:iam::111122223333:user/ann")?.kind).toBe("user");
  });
  it.each([
    "arn:aws:sts::111122223333:assumed-role/alice/session",
    "arn:aws:iam::111122223333:assumed-role/alice/session",
    "arn:aws:iam::111122223333:root",
    "arn:aws:iam::111122223333:role/*",
    "arn:aws:iam::111122223333:role/people/",
    "arn:aws:iam::111122223333:role/alice/",
    "arn:aws:iam::111122223333:role//alice",
    "arn:aws:iam::11112222333:role/alice",
    "arn:aws:iam::１１１１２２２２３３３３:role/alice",
    "arn:aws:iam::111122223333:role/al\u200bice",
    "arn:aws:iam::111122223333:role/people%2Falice",
    "ARN:aws:iam::111122223333:role/alice",
    "arn:aws-evil:iam::111122223333:role/alice",
    " arn:aws:iam::111122223333:role/alice",
    "arn:aws:iam::111122223333:role/alice\n",
    `arn:aws:iam::111122223333:role/${"p/".repeat(1_100)}alice`,
    "*",
    "",
  ])("The text %j is not a principal ARN", (text) => {
    expect(parsePrincipalArn(text)).toBeUndefined();
  });
});

describe("A session ARN", () => {
  it("A session ARN contains account, role and session", () => {
    expect(parseSessionArn("arn:aws:sts::111122223333:assumed-role/alice/al@example.com")).toEqual({
      account: "111122223333",
      roleName: "alice",
      sessionName: "al@example.com",
    });
  });
  it.each([
    "arn:aws:iam::111122223333:user/assumed-role/x/y",
    "arn:aws:sts::111122223333:assumed-role/alice",
    "arn:aws:sts::111122223333:assumed-role/a/b/c",
  ])("The text %j is not a session ARN", (text) => {
    expect(parseSessionArn(text)).toBeUndefined();
  });
});

describe("A cluster ARN", () => {
  it("A cluster ARN contains region, account and cluster", () => {
    expect(parseClusterArn("arn:aws-us-gov:eks:us-gov-west-1:111122223333:cluster/prod")).toEqual({
      partition: "aws-us-gov",
      region: "us-gov-west-1",
      account: "111122223333",
      name: "prod",
    });
  });
  it.each([
    "arn:aws:eks:us-west-2:111122223333:cluster/",
    "arn:aws:eks:us-west-2:111122223333:cluster/-x",
    "arn:aws:eks:us-west-2:111122223333:nodegroup/prod",
    "arn:aws:eks::111122223333:cluster/prod",
  ])("The text %j is not a cluster ARN", (text) => {
    expect(parseClusterArn(text)).toBeUndefined();
  });
});
