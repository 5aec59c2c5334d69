import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Fault } from "../../../../sandbox/aws/faults.ts";
import { eksAccessEntries } from "../../../../shared/aws/eks/eks-access-entries.ts";
import { systemClock } from "../../../../shared/aws/machine/system-clock.ts";
import { clusterOf } from "../../../../shared/domain/values/arn.ts";
import type { AccessEntries, EntryAddress } from "../../../../shared/ports/access-entries.ts";
import { accessEntriesContract } from "../../../contracts/access-entries.contract.ts";
import { ACCOUNT, ALICE, BOB, PROD, STAGING } from "../../../fakes/builders.ts";
import { fixedClock } from "../../../fakes/fixed-clock.ts";
import { fixedRandom } from "../../../fakes/fixed-random.ts";
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

/** The adapter with so many milliseconds left in its invocation. */
const entriesWith = (millisLeft = 8_000, reserveMs = 2_000): AccessEntries =>
  eksAccessEntries(aws.clients.sts, {
    clock: systemClock,
    random: fixedRandom,
    deadline: () => millisLeft,
    reserveMs,
  });

/** Strikes the first `count` calls of an operation. */
const strike = (operation: string, fault: Fault, count = Number.POSITIVE_INFINITY) => {
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

describe("sessions of the grantor roles", () => {
  it("carry the grant's name and the person's, and are taken once", async () => {
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

  it("are another one for another grant, and for another person", async () => {
    const entries = entriesWith();
    await entries.read(ADDRESS, SESSION);
    await entries.read(ADDRESS, { ...SESSION, sessionName: "timelatch-grant-2" });
    await entries.read(ADDRESS, { ...SESSION, sourceIdentity: "carol" });
    expect(countOf("AssumeRole")).toBe(3);
  });

  it("are of the role for groups where groups are set, and there alone", async () => {
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

  it("are taken anew a minute before they end", async () => {
    const clock = fixedClock(new Date().toISOString());
    const entries = eksAccessEntries(aws.clients.sts, {
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

  it("that cannot be had change nothing, whatever the reason", async () => {
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

describe("a session that was kept and is denied", () => {
  const denyOnce = (operation: string) => strike(operation, { kind: "refuse" }, 1);

  it("is given up, and the call made once more under a new one", async () => {
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

  it("is denied for good where a new one is, too", async () => {
    const entries = entriesWith();
    await entries.create(ADDRESS, SESSION, TOKEN);
    strike("DeleteAccessEntry", { kind: "refuse" });
    await expect(entries.remove(ADDRESS, SESSION)).rejects.toMatchObject({
      failure: "refused",
      code: "AccessDeniedException",
    });
    expect(countOf("DeleteAccessEntry")).toBe(2);
  });

  it("is not the cause where it was taken for this very call", async () => {
    denyOnce("DescribeAccessEntry");
    await expect(entriesWith().read(ADDRESS, SESSION)).rejects.toMatchObject({
      code: "AccessDeniedException",
    });
    expect(operations()).toEqual(["AssumeRole", "DescribeAccessEntry"]);
  });

  it("is none of the reasons why a call fails otherwise", async () => {
    const entries = entriesWith();
    await entries.create(ADDRESS, SESSION, TOKEN);
    await expect(entries.create(ADDRESS, SESSION, "token-2")).rejects.toMatchObject({
      code: "ResourceInUseException",
    });
    expect(countOf("AssumeRole")).toBe(1);
  });
});

describe("a change", () => {
  it("answers the entry that it created, bare, with EKS's own time", async () => {
    const entries = entriesWith();
    const created = await entries.create(ADDRESS, SESSION, TOKEN);
    const { accessEntryArn, createdAt, targets } = (await entries.read(ADDRESS, SESSION)) ?? {};
    expect(created).toMatchObject({ accessEntryArn, createdAt });
    expect(targets).toEqual({});
  });

  it("of the groups keeps the username that is sent along", async () => {
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

  it("for a principal that IAM does not know is refused under a name of its own", async () => {
    const nobody = { ...ADDRESS, principalArn: BOB };
    await expect(entriesWith().create(nobody, SESSION, TOKEN)).rejects.toMatchObject({
      failure: "refused",
      code: "InvalidPrincipal",
      record: { result: "InvalidParameterException" },
    });
  });
});

describe("a call that fails", () => {
  it("is waited out where it was throttled, each attempt with a request id of its own", async () => {
    const entries = entriesWith();
    await entries.create(ADDRESS, SESSION, TOKEN);
    strike("AssociateAccessPolicy", { kind: "throttle" }, 2);
    const record = await entries.associate(ADDRESS, SESSION, VIEW, cluster);
    expect(countOf("AssociateAccessPolicy")).toBe(3);
    expect(record).toMatchObject({ result: "ok", requestId: aws.calls.at(-1)?.requestId });
  });

  it("is waited out for two seconds at most where it reads: no removal waits for it", async () => {
    strike("DescribeAccessEntry", { kind: "throttle" });
    let left = 8_000;
    const entries = eksAccessEntries(aws.clients.sts, {
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

  it("is given up where it was throttled and no time is left to wait", async () => {
    strike("CreateAccessEntry", { kind: "throttle" });
    await expect(entriesWith(2_040).create(ADDRESS, SESSION, TOKEN)).rejects.toMatchObject({
      failure: "throttled",
      code: "ThrottlingException",
      record: { operation: "CreateAccessEntry", result: "ThrottlingException" },
    });
    expect(countOf("CreateAccessEntry")).toBe(1);
  });

  it("is not begun where its answer could not be stored", async () => {
    await expect(entriesWith(100).create(ADDRESS, SESSION, TOKEN)).rejects.toMatchObject({
      failure: "throttled",
      code: "NoTimeLeft",
    });
    expect(aws.calls).toEqual([]);
  });

  it("is unknown where the answer was lost, and is not repeated", async () => {
    strike("CreateAccessEntry", { kind: "drop" });
    const entries = entriesWith();
    await expect(entries.create(ADDRESS, SESSION, TOKEN)).rejects.toMatchObject({
      failure: "unknown",
      record: { operation: "CreateAccessEntry", requestId: null },
    });
    expect(await entries.read(ADDRESS, SESSION)).toBeDefined();
    expect(countOf("CreateAccessEntry")).toBe(1);
  });

  it("is unknown where no answer came before the invocation would end", async () => {
    // Longer than what is left, and shorter than a call may take when there is time.
    strike("CreateAccessEntry", { kind: "delay", milliseconds: 1_200 });
    await expect(entriesWith(400, 0).create(ADDRESS, SESSION, TOKEN)).rejects.toMatchObject({
      failure: "unknown",
      code: "Timeout",
    });
    await expect(entriesWith().create(ADDRESS, SESSION, TOKEN)).resolves.toMatchObject({
      record: { result: "ok" },
    });
  });

  it("is refused where IAM denies it", async () => {
    strike("DeleteAccessEntry", { kind: "refuse" });
    const entries = entriesWith();
    await expect(entries.remove(ADDRESS, SESSION)).rejects.toMatchObject({
      failure: "refused",
      code: "AccessDeniedException",
      record: { requestId: expect.stringMatching(/./) },
    });
  });

  it("is refused under a name of its own where the cluster takes no access entries", async () => {
    const legacy = { ...ADDRESS, cluster: { ...ADDRESS.cluster, name: "legacy" } };
    const refusal = { failure: "refused", code: "AuthenticationModeConfigMap" };
    await expect(entriesWith().read(legacy, SESSION)).rejects.toMatchObject(refusal);
    await expect(entriesWith().create(legacy, SESSION, TOKEN)).rejects.toMatchObject({
      ...refusal,
      record: { result: "InvalidRequestException" },
    });
  });
});

describe("a read", () => {
  it("puts together every page of associations", async () => {
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

describe("a principal's unique id", () => {
  it("is not another role's that has the name under another path", async () => {
    const moved = { ...ADDRESS, principalArn: `arn:aws:iam::${ACCOUNT}:role/alice` };
    expect(await entriesWith().principal(moved, SESSION)).toBeUndefined();
  });

  it.each([
    ["a user", `arn:aws:iam::${ACCOUNT}:user/alice`, /Only an IAM role's/],
    ["a role of another account", "arn:aws:iam::444455556666:role/alice", /account 444455556666/],
  ])("of %s is refused by name, without a call", async (_whose, principalArn, text) => {
    const asked = entriesWith().principal({ ...ADDRESS, principalArn }, SESSION);
    await expect(asked).rejects.toMatchObject({
      failure: "refused",
      code: "PrincipalUnreadable",
      message: expect.stringMatching(text),
    });
    expect(aws.calls).toEqual([]);
  });
});
