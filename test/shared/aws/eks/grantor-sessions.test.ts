/** Sessions that are assumed before the calls that need them, or by several calls at once. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ALICE, PROD } from "../../../../lab/fakes/builders.ts";
import { fixedRandom } from "../../../../lab/fakes/fixed-random.ts";
import type { CallFault } from "../../../../lab/sandbox/aws/fault-kinds.ts";
import { eksAccessEntries } from "../../../../shared/aws/eks/eks-access-entries.ts";
import { grantorSessions } from "../../../../shared/aws/eks/grantor-sessions.ts";
import { systemClock } from "../../../../shared/aws/machine/system-clock.ts";
import { clusterOf } from "../../../../shared/domain/values/arn.ts";
import type { AccessEntries, EntryAddress } from "../../../../shared/ports/access-entries.ts";
import { type LocalAws, localAws } from "../local-aws.ts";

const ADDRESS: EntryAddress = { cluster: clusterOf(PROD.arn), principalArn: ALICE };
const SESSION = { sessionName: "timelatch-grant-1", sourceIdentity: "alice" };

let aws: LocalAws;
let entries: AccessEntries;
beforeEach(async () => {
  aws = await localAws();
  const limits = { deadline: () => 8_000, reserveMs: 2_000 };
  const options = { clock: systemClock, random: fixedRandom, ...limits };
  entries = eksAccessEntries(grantorSessions(aws.clients.sts, options), options);
});
afterEach(async () => {
  await aws.stop();
});

/** Makes the first calls of an operation fail. */
const strike = (operation: string, fault: CallFault, count = 1) => {
  let left = count;
  aws.strikes.push((call) => {
    if (call.operation !== operation || left === 0) return undefined;
    left -= 1;
    return fault;
  });
};
const operations = () => aws.calls.map(({ operation }) => operation);

describe("A session that is prepared", () => {
  it("Calls under it assume no role again, whether they come during its assumption or later", async () => {
    const prepared = entries.prepare(ADDRESS, SESSION, "policies");
    await entries.read(ADDRESS, SESSION);
    await prepared;
    await entries.cluster(ADDRESS.cluster, SESSION);
    expect(operations()).toEqual(["AssumeRole", "DescribeAccessEntry", "DescribeCluster"]);
  });

  it("It serves only the calls of its own role", async () => {
    await entries.create(ADDRESS, SESSION, "token-1");
    await entries.prepare(ADDRESS, SESSION, "groups");
    const prepared = ["AssumeRole", "CreateAccessEntry", "AssumeRole"];
    expect(operations()).toEqual(prepared);
    await entries.updateGroups(ADDRESS, SESSION, ["editors"], null);
    expect(operations()).toEqual([...prepared, "UpdateAccessEntry"]);
  });

  it("The next call assumes its role itself where the preparation failed", async () => {
    // A dead connection is tried twice.
    strike("AssumeRole", { kind: "drop" }, 2);
    await expect(entries.prepare(ADDRESS, SESSION, "policies")).rejects.toMatchObject({
      failure: "busy",
    });
    expect(await entries.read(ADDRESS, SESSION)).toBeUndefined();
  });

  it("Calls at once assume one role", async () => {
    await Promise.all([
      entries.read(ADDRESS, SESSION),
      entries.principal(ADDRESS, SESSION),
      entries.cluster(ADDRESS.cluster, SESSION),
    ]);
    expect(operations().filter((each) => each === "AssumeRole")).toHaveLength(1);
  });

  it("Where it was revoked, calls at once assume one more role, and all are answered", async () => {
    await entries.prepare(ADDRESS, SESSION, "policies");
    strike("DescribeCluster", { kind: "refuse" });
    strike("GetRole", { kind: "refuse" });
    await Promise.all([
      entries.principal(ADDRESS, SESSION),
      entries.cluster(ADDRESS.cluster, SESSION),
    ]);
    expect(operations().filter((each) => each === "AssumeRole")).toHaveLength(2);
  });
});
