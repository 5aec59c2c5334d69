/** Reads of clusters and accounts with the roles of CDK's bootstrap, against the sandbox's AWS. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bootstrapKeys } from "../../../cli/aws/bootstrap-keys.ts";
import { entriesReader } from "../../../cli/deployment/managed-entries.ts";
import { stsService } from "../../../lab/sandbox/aws/sts/service.ts";
import {
  ALICE,
  BOB,
  type EksFixture,
  eksWithClusters,
} from "../../lab/sandbox/aws/eks/eks-fixture.ts";
import {
  ACCOUNT,
  credential,
  document,
  iamStore,
  listen,
  REGION,
  type RunningPort,
  role,
  statement,
  trust,
} from "../../lab/sandbox/aws/iam-world.ts";

const operator = role("operator", { policy: document(statement("*")) });
const stranger = role("stranger", { policy: document(statement("sts:*")) });
const lookup = role("lookup", {
  trust: trust({ AWS: operator.arn }, "sts:AssumeRole"),
  policy: document(
    statement(["eks:DescribeCluster", "eks:ListAccessEntries", "eks:DescribeAccessEntry"]),
  ),
});

let eks: EksFixture;
let port: RunningPort;
let callers: string[] = [];
beforeEach(async () => {
  const iam = iamStore(operator, stranger, lookup);
  eks = await eksWithClusters();
  callers = [];
  port = await listen({
    services: [eks.service, stsService(iam)],
    iam,
    onCall: ({ operation, caller }) => callers.push(`${operation} ${caller?.principalArn}`),
  });
  process.env["AWS_ENDPOINT_URL"] = port.url;
});
afterEach(async () => {
  delete process.env["AWS_ENDPOINT_URL"];
  await port.close();
});

const identityOf = (of: typeof operator) => ({ credentials: async () => credential(of) });
const STACK = { name: "S", account: ACCOUNT, region: REGION, deployRole: undefined };
const cluster = (name: string) => ({
  name,
  arn: `arn:aws:eks:${REGION}:${ACCOUNT}:cluster/${name}`,
});

describe("entries of a deployment", () => {
  const entry = (principalArn: string, tag?: string) =>
    eks.call("CreateAccessEntry", {
      clusterName: "prod",
      principalArn,
      tags: tag ? { "timelatch:managed-by": tag } : {},
    });
  const readProd = (of = operator) =>
    entriesReader(identityOf(of), [{ ...STACK, lookupRole: lookup.arn }], "timelatch");

  it("those with the deployment's tag are listed, and no others", async () => {
    await entry(ALICE, "timelatch");
    await entry(BOB, "staging");
    expect(await readProd()(cluster("prod"))).toEqual({
      cluster: cluster("prod"),
      principals: [ALICE],
    });
    expect(callers).toContain(`ListAccessEntries ${lookup.arn}`);
  });

  it.each(["gone", "legacy"])(
    "a cluster that is gone, or takes no entries, has no entries: %s",
    async (name) => {
      expect(await readProd()(cluster(name))).toMatchObject({ principals: [] });
    },
  );

  it("a cluster that may not be read is said to be unread", async () => {
    expect(await readProd(stranger)(cluster("prod"))).toMatchObject({
      principals: undefined,
      unread: expect.stringContaining("eks:DescribeCluster"),
    });
  });
});

describe("keys for a stack's account", () => {
  const keysOf = (of: typeof operator, account: string, arn: string | undefined) =>
    bootstrapKeys(identityOf(of), { account, region: REGION, role: arn });

  it("are of the bootstrap's role where it can be assumed", async () => {
    const { accessKeyId } = await keysOf(operator, ACCOUNT, lookup.arn);
    expect(accessKeyId).not.toBe(credential(operator).accessKeyId);
  });

  it.each([lookup.arn, undefined])(
    "are the caller's own in their account otherwise: %s",
    async (arn) => {
      expect(await keysOf(stranger, ACCOUNT, arn)).toMatchObject({
        accessKeyId: credential(stranger).accessKeyId,
      });
    },
  );

  it("are refused for another account", async () => {
    await expect(keysOf(stranger, "444455556666", lookup.arn)).rejects.toMatchObject({
      exit: "refused",
      code: "account-unreached",
    });
  });
});
