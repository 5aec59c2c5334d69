import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ACCOUNT, ALICE, BOB, PROD, STAGING } from "../../../../lab/fakes/builders.ts";
import { fixedClock } from "../../../../lab/fakes/fixed-clock.ts";
import { fixedRandom } from "../../../../lab/fakes/fixed-random.ts";
import type { CallFault } from "../../../../lab/sandbox/aws/fault-kinds.ts";
import type { AwsCallOptions } from "../../../../shared/aws/calls/aws-call.ts";
import { eksAccessEntries } from "../../../../shared/aws/eks/eks-access-entries.ts";
import { grantorSessions } from "../../../../shared/aws/eks/grantor-sessions.ts";
import { systemClock } from "../../../../shared/aws/machine/system-clock.ts";
import { clusterOf } from "../../../../shared/domain/values/arn.ts";
import type { AccessEntries, EntryAddress } from "../../../../shared/ports/access-entries.ts";
import { accessEntriesContract } from "../../../contracts/access-entries.contract.ts";
import { ALICE_ID, type LocalAws, localAws } from "../local-aws.ts";

const VIEW = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy";
const ADDRESS: EntryAddress = { cluster: clusterOf(PROD.arn), principalArn: ALICE };
const SESSION = { sessionName: "timelatch-grant-1", sourceIdentity: "alice" };
const TOKEN = "token-1";
const cluster = { type: "cluster" } as const;

let aws: LocalAws;
beforeEach(async () => {
  aws = await localAws();
});
afterEach(async () => {
  await aws.stop();
});

/** The adapter with this many milliseconds left in its invocation. */
const entriesWith = (
  millisLeft = 8_000,
  reserveMs = 2_000,
  names: { readonly deployment?: string; readonly externalId?: string } = {},
): AccessEntries =>
  entriesOf(
    { clock: systemClock, random: fixedRandom, deadline: () => millisLeft, reserveMs },
    names,
  );
const entriesOf = (
  options: AwsCallOptions,
  names: { readonly deployment?: string; readonly externalId?: string } = {},
): AccessEntries =>
  eksAccessEntries(grantorSessions(aws.clients.sts, options, names), options, names.deployment);

/** Makes the first `count` calls of an operation fail. */
const strike = (operation: string, fault: CallFault, count = Number.POSITIVE_INFINITY) => {
  let left = count;
  aws.strikes.push((call) => {
    if (call.operation !== operation || left === 0) return undefined;
    left -= 1;
    return fault;
  });
};
const operations = () => aws.calls.map(({ operation }) => operation);
const countOf = (operation: string) => operations().filter((each) => each === operation).length;

accessEntriesContract("eksAccessEntries", async () => ({
  entries: entriesWith(),
  address: ADDRESS,
  principalId: ALICE_ID,
  nobody: { ...ADDRESS, principalArn: BOB },
  nowhere: { ...ADDRESS, cluster: clusterOf(STAGING.arn) },
}));

describe("Sessions of the grantor roles", () => {
  it("A session has the grant's and the person's name, and is assumed once", async () => {
    const entries = entriesWith();
    await entries.create(ADDRESS, SESSION, TOKEN);
    await entries.associate(ADDRESS, SESSION, VIEW, cluster);
    const changes = aws.calls.filter(({ service }) => service === "eks");
    expect(changes.map(({ caller }) => [caller.arn, caller.sourceIdentity])).toEqual(
      changes.map(() => [
        `arn:aws:sts::${ACCOUNT}:assumed-role/timelatch-grantor/timelatch-grant-1`,
        "alice",
      ]),
    );
    expect(countOf("AssumeRole")).toBe(1);
  });

  it("Another deployment calls under a grantor role of its own, and tags entries with its name", async () => {
    const entries = entriesWith(8_000, 2_000, {
      deployment: "beta",
      externalId: "beta:111122223333",
    });
    await entries.create(ADDRESS, SESSION, TOKEN);
    const entry = await entries.read(ADDRESS, SESSION);
    expect(entry?.tags).toMatchObject({ "timelatch:managed-by": "beta" });
    const roles = aws.calls
      .filter(({ service }) => service === "eks")
      .map(({ caller }) => caller.principalArn);
    const assumed = aws.calls.find(({ operation }) => operation === "AssumeRole");
    expect(assumed?.input).toMatchObject({ ExternalId: "beta:111122223333" });
    expect([...new Set(roles)]).toEqual([`arn:aws:iam::${ACCOUNT}:role/beta-grantor`]);
  });

  it("A session is assumed separately for another grant and for another person", async () => {
    const entries = entriesWith();
    await entries.read(ADDRESS, SESSION);
    await entries.read(ADDRESS, { ...SESSION, sessionName: "timelatch-grant-2" });
    await entries.read(ADDRESS, { ...SESSION, sourceIdentity: "carol" });
    expect(countOf("AssumeRole")).toBe(3);
  });

  it("A session has the role for groups only where groups are set", async () => {
    const entries = entriesWith();
    await entries.create(ADDRESS, SESSION, TOKEN);
    await entries.updateGroups(ADDRESS, SESSION, ["editors"], null);
    await entries.associate(ADDRESS, SESSION, VIEW, cluster);
    await entries.remove(ADDRESS, SESSION);
    const roles = aws.calls
      .filter(({ service }) => service === "eks")
      .map(({ operation, caller }) => [operation, caller.principalArn.split("/").at(-1)]);
    expect(roles).toEqual([
      ["CreateAccessEntry", "timelatch-grantor"],
      ["UpdateAccessEntry", "timelatch-grantor-groups"],
      ["AssociateAccessPolicy", "timelatch-grantor"],
      ["DeleteAccessEntry", "timelatch-grantor"],
    ]);
  });

  it("A session is assumed again a minute before it ends", async () => {
    const clock = fixedClock(new Date().toISOString());
    const entries = entriesOf({
      clock,
      random: fixedRandom,
      deadline: () => 8_000,
      reserveMs: 2_000,
    });
    await entries.read(ADDRESS, SESSION);
    clock.advance(800);
    await entries.read(ADDRESS, SESSION);
    expect(countOf("AssumeRole")).toBe(1);
    clock.advance(60);
    await entries.read(ADDRESS, SESSION);
    expect(countOf("AssumeRole")).toBe(2);
  });

  it("A session that cannot be assumed changes nothing, whatever the reason", async () => {
    strike("AssumeRole", { kind: "drop" });
    await expect(entriesWith().create(ADDRESS, SESSION, TOKEN)).rejects.toMatchObject({
      failure: "busy",
      record: { operation: "AssumeRole" },
    });
    const elsewhere = { ...ADDRESS.cluster, account: "444455556666" };
    aws.strikes.length = 0;
    await expect(
      entriesWith().remove({ ...ADDRESS, cluster: elsewhere }, SESSION),
    ).rejects.toMatchObject({ failure: "refused", code: "AccessDenied" });
    expect(aws.eks.state.clusters["prod"]?.entries).toEqual({});
  });
});

describe("A reused session that is denied", () => {
  const denyOnce = (operation: string) => strike(operation, { kind: "refuse" }, 1);

  it("A denied session is dropped, and the call is made once more in a new one", async () => {
    const entries = entriesWith();
    await entries.create(ADDRESS, SESSION, TOKEN);
    denyOnce("DeleteAccessEntry");
    await expect(entries.remove(ADDRESS, SESSION)).resolves.toMatchObject({ result: "ok" });
    expect(operations()).toEqual([
      "AssumeRole",
      "CreateAccessEntry",
      "DeleteAccessEntry",
      "AssumeRole",
      "DeleteAccessEntry",
    ]);
    await entries.read(ADDRESS, SESSION);
    expect(countOf("AssumeRole")).toBe(2);
  });

  it("A call that is denied in a new session too is refused", async () => {
    const entries = entriesWith();
    await entries.create(ADDRESS, SESSION, TOKEN);
    strike("DeleteAccessEntry", { kind: "refuse" });
    await expect(entries.remove(ADDRESS, SESSION)).rejects.toMatchObject({
      failure: "refused",
      code: "AccessDeniedException",
    });
    expect(countOf("DeleteAccessEntry")).toBe(2);
  });

  it("A denied call in a new session is not repeated", async () => {
    denyOnce("DescribeAccessEntry");
    await expect(entriesWith().read(ADDRESS, SESSION)).rejects.toMatchObject({
      code: "AccessDeniedException",
    });
    expect(operations()).toEqual(["AssumeRole", "DescribeAccessEntry"]);
  });

  it("A call that fails for another reason keeps its session", async () => {
    const entries = entriesWith();
    await entries.create(ADDRESS, SESSION, TOKEN);
    await expect(entries.create(ADDRESS, SESSION, "token-2")).rejects.toMatchObject({
      code: "ResourceInUseException",
    });
    expect(countOf("AssumeRole")).toBe(1);
  });
});

describe("A change", () => {
  it("A create returns an empty entry with EKS's own time", async () => {
    const entries = entriesWith();
    const created = await entries.create(ADDRESS, SESSION, TOKEN);
    const { accessEntryArn, createdAt, targets } = (await entries.read(ADDRESS, SESSION)) ?? {};
    expect(created).toMatchObject({ accessEntryArn, createdAt });
    expect(targets).toEqual({});
  });

  it("An update of the groups keeps the username that it includes", async () => {
    const entries = entriesWith();
    await entries.create(ADDRESS, SESSION, TOKEN);
    const generated = (await entries.read(ADDRESS, SESSION))?.username;
    await entries.updateGroups(ADDRESS, SESSION, ["admins"], "somebody");
    expect(await entries.read(ADDRESS, SESSION)).toMatchObject({
      username: "somebody",
      targets: { groups: ["group/admins"] },
    });
    await entries.updateGroups(ADDRESS, SESSION, [], generated ?? null);
    expect((await entries.read(ADDRESS, SESSION))?.username).toBe(generated);
  });

  it("A create for a principal that IAM does not know is refused as InvalidPrincipal", async () => {
    const nobody = { ...ADDRESS, principalArn: BOB };
    await expect(entriesWith().create(nobody, SESSION, TOKEN)).rejects.toMatchObject({
      failure: "refused",
      code: "InvalidPrincipal",
      record: { result: "InvalidParameterException" },
    });
  });
});

describe("A call that fails", () => {
  it("A throttled call is retried, and each attempt has its own request id", async () => {
    const entries = entriesWith();
    await entries.create(ADDRESS, SESSION, TOKEN);
    strike("AssociateAccessPolicy", { kind: "throttle" }, 2);
    const record = await entries.associate(ADDRESS, SESSION, VIEW, cluster);
    expect(countOf("AssociateAccessPolicy")).toBe(3);
    expect(record).toMatchObject({ result: "ok", requestId: aws.calls.at(-1)?.requestId });
  });

  it("A throttled read waits at most two seconds, so that no removal waits for it", async () => {
    strike("DescribeAccessEntry", { kind: "throttle" });
    let left = 8_000;
    const entries = entriesOf({
      clock: systemClock,
      random: fixedRandom,
      // Every look at the clock takes a fifth of a second.
      deadline: () => {
        left -= 200;
        return left;
      },
      reserveMs: 2_000,
    });
    await expect(entries.read(ADDRESS, SESSION)).rejects.toMatchObject({ failure: "throttled" });
    expect(left).toBeGreaterThan(5_000);
  });

  it("A throttled call gives up if no time is left to wait", async () => {
    strike("CreateAccessEntry", { kind: "throttle" });
    await expect(entriesWith(2_040).create(ADDRESS, SESSION, TOKEN)).rejects.toMatchObject({
      failure: "throttled",
      code: "ThrottlingException",
      record: { operation: "CreateAccessEntry", result: "ThrottlingException" },
    });
    expect(countOf("CreateAccessEntry")).toBe(1);
  });

  it("A call is not started if its answer could not be stored", async () => {
    await expect(entriesWith(100).create(ADDRESS, SESSION, TOKEN)).rejects.toMatchObject({
      failure: "throttled",
      code: "NoTimeLeft",
    });
    expect(aws.calls).toEqual([]);
  });

  it("A call whose answer was lost is unknown and is not repeated", async () => {
    strike("CreateAccessEntry", { kind: "drop" });
    const entries = entriesWith();
    await expect(entries.create(ADDRESS, SESSION, TOKEN)).rejects.toMatchObject({
      failure: "unknown",
      record: { operation: "CreateAccessEntry", requestId: null },
    });
    expect(await entries.read(ADDRESS, SESSION)).toBeDefined();
    expect(countOf("CreateAccessEntry")).toBe(1);
  });

  it("A call without an answer before the invocation ends is unknown", async () => {
    // Longer than the time left, but shorter than a call may normally take.
    strike("CreateAccessEntry", { kind: "delay", milliseconds: 1_200 });
    await expect(entriesWith(400, 0).create(ADDRESS, SESSION, TOKEN)).rejects.toMatchObject({
      failure: "unknown",
      code: "Timeout",
    });
    await expect(entriesWith().create(ADDRESS, SESSION, TOKEN)).resolves.toMatchObject({
      record: { result: "ok" },
    });
  });

  it("A call that IAM denies is refused", async () => {
    strike("DeleteAccessEntry", { kind: "refuse" });
    const entries = entriesWith();
    await expect(entries.remove(ADDRESS, SESSION)).rejects.toMatchObject({
      failure: "refused",
      code: "AccessDeniedException",
      record: { requestId: expect.stringMatching(/./) },
    });
  });

  it("A call to a cluster without access entries is refused as AuthenticationModeConfigMap", async () => {
    const legacy = { ...ADDRESS, cluster: { ...ADDRESS.cluster, name: "legacy" } };
    const refusal = { failure: "refused", code: "AuthenticationModeConfigMap" };
    await expect(entriesWith().read(legacy, SESSION)).rejects.toMatchObject(refusal);
    await expect(entriesWith().create(legacy, SESSION, TOKEN)).rejects.toMatchObject({
      ...refusal,
      record: { result: "InvalidRequestException" },
    });
  });
});

describe("A read", () => {
  it("A read combines all pages of associations", async () => {
    const entries = entriesWith();
    await entries.create(ADDRESS, SESSION, TOKEN);
    const made = aws.eks.state.clusters["prod"]?.entries[ALICE];
    if (!made) throw new Error("There is no entry.");
    const arns = Array.from({ length: 230 }, (_, n) => `${VIEW}${n}`);
    const at = "2026-11-24T10:00:00.000Z";
    for (const policyArn of arns)
      made.policies[policyArn] = {
        policyArn,
        accessScope: { type: "cluster", namespaces: [] },
        associatedAt: at,
        modifiedAt: at,
      };
    const actual = await entries.read(ADDRESS, SESSION);
    expect(Object.keys(actual?.targets ?? {}).sort()).toEqual(arns.sort());
    expect(countOf("ListAssociatedAccessPolicies")).toBe(3);
  });
});

describe("A principal's unique id", () => {
  it("A role with the same name under another path is not the principal", async () => {
    const moved = { ...ADDRESS, principalArn: `arn:aws:iam::${ACCOUNT}:role/alice` };
    expect(await entriesWith().principal(moved, SESSION)).toBeUndefined();
  });

  it.each([
    ["a user", `arn:aws:iam::${ACCOUNT}:user/alice`, /Only the unique id of an IAM role/],
    ["a role of another account", "arn:aws:iam::444455556666:role/alice", /account 444455556666/],
  ])("The unique id of %s is refused without a call", async (_whose, principalArn, text) => {
    const asked = entriesWith().principal({ ...ADDRESS, principalArn }, SESSION);
    await expect(asked).rejects.toMatchObject({
      failure: "refused",
      code: "PrincipalUnreadable",
      message: expect.stringMatching(text),
    });
    expect(aws.calls).toEqual([]);
  });
});
