import {
  AssociateAccessPolicyCommand,
  CreateAccessEntryCommand,
  EKSClient,
} from "@aws-sdk/client-eks";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ACCOUNT, ALICE, BOB, PROD, REGION, STAGING } from "../../../../lab/fakes/builders.ts";
import { fixedRandom } from "../../../../lab/fakes/fixed-random.ts";
import { eksStandingReader } from "../../../../shared/aws/eks/eks-standing-reader.ts";
import { readerSessions } from "../../../../shared/aws/eks/reader-sessions.ts";
import { systemClock } from "../../../../shared/aws/machine/system-clock.ts";
import { clusterOf } from "../../../../shared/domain/values/arn.ts";
import type { StandingReader } from "../../../../shared/ports/standing-reader.ts";
import { CLUSTER_ADMIN } from "../../domain/standing/samples.ts";
import { type LocalAws, localAws } from "../local-aws.ts";

const CLUSTER = clusterOf(PROD.arn);
const LEGACY = { ...CLUSTER, name: "legacy" };
const AT = { cluster: CLUSTER, principalArn: ALICE };

let aws: LocalAws;
let reader: StandingReader;
let eks: EKSClient;
beforeEach(async () => {
  aws = await localAws();
  const credentials = await aws.clients.sts.config.credentials();
  vi.stubEnv("AWS_ACCESS_KEY_ID", credentials.accessKeyId);
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", credentials.secretAccessKey);
  vi.stubEnv("AWS_SESSION_TOKEN", credentials.sessionToken ?? "");
  reader = eksStandingReader(
    readerSessions(() => undefined),
    {
      clock: systemClock,
      random: fixedRandom,
      deadline: () => 60_000,
    },
  );
  eks = new EKSClient({ region: REGION, credentials });
  await eks.send(new CreateAccessEntryCommand({ clusterName: "prod", principalArn: ALICE }));
  await eks.send(
    new AssociateAccessPolicyCommand({
      clusterName: "prod",
      principalArn: ALICE,
      policyArn: CLUSTER_ADMIN,
      accessScope: { type: "cluster" },
    }),
  );
});
afterEach(async () => {
  await aws.stop();
});

describe("Reads of EKS by standing", () => {
  it("A cluster is read with its mode, version and audit log, and none of another name", async () => {
    expect(await reader.setup(CLUSTER)).toEqual({
      createdAt: "2026-11-01T00:00:00.000Z",
      authenticationMode: "API",
      version: "1.34",
      auditLog: true,
    });
    expect(await reader.setup(LEGACY)).toMatchObject({ authenticationMode: "CONFIG_MAP" });
    expect(await reader.setup(clusterOf(STAGING.arn))).toBeUndefined();
  });

  it("Every entry is listed, page by page, and read with its policies", async () => {
    expect(await reader.principals(CLUSTER, null)).toEqual({ principalArns: [ALICE], next: null });
    const entry = await reader.entry(AT);
    expect(entry?.targets).toEqual({ [CLUSTER_ADMIN]: ["cluster"] });
    expect(await reader.entry({ ...AT, principalArn: BOB })).toBeUndefined();
  });

  it("More than 25 entries are several pages", async () => {
    const { clusters } = aws.eks.state;
    const [one] = Object.values(clusters["prod"]?.entries ?? {});
    for (let at = 0; at < 60; at += 1) {
      const principalArn = `arn:aws:iam::${ACCOUNT}:role/r${at}`;
      if (one && clusters["prod"])
        clusters["prod"].entries[principalArn] = { ...one, principalArn };
    }
    const seen: string[] = [];
    let token: string | null = null;
    for (let pages = 0; pages < 5; pages += 1) {
      const page = await reader.principals(CLUSTER, token);
      expect(page.principalArns.length).toBeLessThanOrEqual(25);
      seen.push(...page.principalArns);
      token = page.next;
      if (token === null) break;
    }
    expect(new Set(seen).size).toBe(61);
    expect(seen).toHaveLength(61);
  });

  it("A token that EKS does not take is refused by name", async () => {
    await expect(reader.principals(CLUSTER, "bm90IG91cnM")).rejects.toMatchObject({
      failure: "refused",
      code: "InvalidParameterException",
    });
  });

  it("A principal exists, is gone, or was made again after its entry", async () => {
    const madeAt = (await reader.entry(AT))?.createdAt ?? "";
    expect(await reader.principal(AT, madeAt)).toBe("exists");
    expect(await reader.principal({ ...AT, principalArn: BOB }, madeAt)).toBe("gone");
    expect(await reader.principal(AT, "2000-01-01T00:00:00.000Z")).toBe("recreated");
  });

  it.each([
    `arn:aws:iam::${ACCOUNT}:user/eve`,
    "arn:aws:iam::444455556666:role/deployer",
    "not an ARN",
  ])("Whether %s exists is not read, and nothing is called", async (principalArn) => {
    const before = aws.calls.length;
    expect(await reader.principal({ ...AT, principalArn }, "")).toBe("not-read");
    expect(aws.calls).toHaveLength(before);
  });

  it("A throttle fails the call at once: nothing is tried again", async () => {
    aws.strikes.push(({ service }) => (service === "eks" ? { kind: "throttle" } : undefined));
    const before = aws.calls.length;
    const calls = [
      () => reader.setup(CLUSTER),
      () => reader.principals(CLUSTER, null),
      () => reader.entry(AT),
    ];
    for (const call of calls) await expect(call()).rejects.toMatchObject({ failure: "throttled" });
    expect(aws.calls.length - before).toBe(3);
  });

  it("Every call is made under the function's own role", async () => {
    await reader.setup(CLUSTER);
    await reader.principal(AT, "");
    expect(aws.calls.some(({ operation }) => operation === "AssumeRole")).toBe(false);
  });
});
