/** `timelatch restore`, with DynamoDB's tables played. */
import { describe, expect, it } from "vitest";
import { restore } from "../../../cli/commands/restore.ts";
import type { RestoredTable, TableChange } from "../../../cli/deployment/restored-tables.ts";
import { Failure } from "../../../cli/failures/failure.ts";
import { fakeApi, fakeTerminal } from "../fake-terminal.ts";

const SOURCE: RestoredTable = {
  arn: "arn:source",
  status: "ACTIVE",
  shape: "HASH pk, RANGE sk",
  sourceArn: undefined,
  keys: "HASH pk, RANGE sk",
  indexes: {},
  encryption: "a key that AWS owns",
  deletionProtection: true,
  ttl: "ttl",
  pointInTimeRecovery: true,
  tags: { team: "platform" },
};
const BARE: RestoredTable = {
  ...SOURCE,
  arn: "arn:restored",
  sourceArn: "arn:source",
  deletionProtection: false,
  ttl: undefined,
  pointInTimeRecovery: false,
  tags: {},
};

/** An index of each kind of table but the ledger. */
const OF_REQUESTS = { sourceArn: "arn:gone", indexes: { live: "livePk liveSk KEYS_ONLY" } };

function tables(
  restored: Partial<RestoredTable> | undefined,
  source: RestoredTable | "gone" = SOURCE,
) {
  const all = new Map<string, RestoredTable>([
    ["Requests-restored", { ...BARE, ...OF_REQUESTS }],
    ["Audit-restored", { ...BARE, indexes: { audit: "auditPk auditSk ALL" } }],
  ]);
  if (source !== "gone") all.set("arn:source", source);
  if (restored) all.set("Ledger-restored", { ...BARE, ...restored });
  const changes: TableChange[] = [];
  return {
    changes,
    read: async (name: string) => all.get(name),
    change: async (_: RestoredTable, change: TableChange) => void changes.push(change),
  };
}

async function restoring(
  played: ReturnType<typeof tables>,
  table: readonly string[] = ["ledger=Ledger-restored"],
) {
  const { context, out } = fakeTerminal();
  await restore(context, ".", { table }, played);
  return out();
}

const BOTH = ["ledger=Ledger-restored", "requests=Requests-restored"];

/** Both tables at once, where the API answers so. */
async function restoringBoth(drain: object | null, requests: readonly object[], more = {}) {
  const played = tables({});
  const api = fakeApi(({ path }) =>
    path === "/v1/suspensions" ? { suspended: [], drain } : { requests },
  );
  const { context } = fakeTerminal({ api });
  const refused = await restore(context, ".", { table: BOTH, ...more }, played).then(
    () => undefined,
    (error: unknown) => error as Failure,
  );
  return { refused, changes: played.changes };
}

describe("Ledger and requests table, both restored", () => {
  const GRANT = { id: "g-1", requester: "alice", cluster: "prod", state: "active" };

  it.each([
    ["the broker is not drained", null, [], "The broker is not drained"],
    ["a grant is lent", {}, [GRANT], "1 grant has not ended yet"],
  ])("They are not taken while %s", async (_what, drain, requests, why) => {
    const { refused, changes } = await restoringBoth(drain, requests);
    expect(refused).toMatchObject({ exit: "conflict", code: "restored-undrained" });
    expect(refused?.text.what).toContain(why);
    expect(changes).toEqual([]);
  });

  it("They are taken once nothing is lent, and where somebody says so", async () => {
    expect((await restoringBoth({}, [])).changes).not.toEqual([]);
    expect((await restoringBoth(null, [GRANT], { undrained: true })).changes).not.toEqual([]);
  });

  it("One of them is taken without a question, since the other knows what it forgot", async () => {
    const played = tables({});
    await restoring(played, ["requests=Requests-restored"]);
    expect(played.changes).not.toEqual([]);
  });
});

describe("timelatch restore", () => {
  it("A restored table is given what it lacks, and its source's tags", async () => {
    const played = tables({});
    const said = await restoring(played);
    expect(played.changes).toEqual([
      { kind: "ttl", attribute: "ttl" },
      { kind: "recovery" },
      { kind: "protection" },
      { kind: "tags", tags: { team: "platform" } },
    ]);
    expect(said).toContain("tables:\n  ledger: Ledger-restored\n");
    expect(said).toContain("The broker does not use it yet.");
  });

  it("A table that has everything is not changed again", async () => {
    const played = tables({ ...SOURCE, sourceArn: "arn:source" });
    expect(await restoring(played)).toContain("ledger: Ledger-restored has all that it needs.");
    expect(played.changes).toEqual([]);
  });

  it("A table of evidence gets no time to live, and a table whose source is gone no tags", async () => {
    const played = tables({}, "gone");
    await restoring(played, ["audit=Audit-restored"]);
    expect(played.changes).toEqual([{ kind: "recovery" }, { kind: "protection" }]);
  });

  it.each<[string, Partial<RestoredTable> | undefined, string]>([
    ["is not there", undefined, "There is no table Ledger-restored"],
    ["was not restored", { sourceArn: undefined }, "was not restored from another one"],
    ["is not ready", { status: "CREATING" }, "its status is CREATING"],
    ["lacks an index", { shape: "HASH pk" }, "has HASH pk, and the one it was restored from has"],
  ])("A table that %s is not taken, and no other is changed", async (_, restored, what) => {
    const played = tables(restored);
    const refused = restoring(played, ["ledger=Ledger-restored"]);
    await expect(refused).rejects.toBeInstanceOf(Failure);
    await expect(refused).rejects.toMatchObject({
      code: "table-not-taken",
      text: { what: expect.stringContaining(what) },
    });
    expect(played.changes).toEqual([]);
  });

  it.each([
    ["requests=Ledger-restored", "is not one of requests: it has no index"],
    ["audit=Requests-restored", "is not one of audit: it has the index live"],
    ["ledger=Requests-restored", "is not one of ledger: it has the index live"],
  ])("A table that holds something else is not taken: %s", async (named, what) => {
    const played = tables({});
    await expect(restoring(played, [named])).rejects.toMatchObject({
      code: "table-not-taken",
      text: { what: expect.stringContaining(what), notDone: "Nothing was changed." },
    });
    expect(played.changes).toEqual([]);
  });

  it.each([
    [["ledger=Ledger-restored", "ledger=Ledger-again"], "two tables for the ledger"],
    [["requests=Requests-restored", "audit=Requests-restored"], "one table for two"],
  ])("%j names no table that could be taken: %s", async (named) => {
    await expect(restoring(tables({}), named)).rejects.toMatchObject({ code: "no-table" });
  });

  const refusal = (name: string, message: string) =>
    Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 } });

  it("A change that DynamoDB refuses is named, beside those that were made before", async () => {
    const played = tables({});
    const change = async (_: RestoredTable, { kind }: TableChange) => {
      if (kind === "recovery")
        throw refusal("ContinuousBackupsUnavailableException", "Backups are being enabled");
      return undefined;
    };
    const refused = restoring({ ...played, change });
    await expect(refused).rejects.toMatchObject({
      exit: "refused",
      code: "table-not-changed",
      text: {
        what: "DynamoDB did not give Ledger-restored point-in-time recovery: ContinuousBackupsUnavailableException: Backups are being enabled.",
        notDone: "Before that, Ledger-restored was given time to live. Nothing else was changed.",
      },
    });
  });

  it("A change without an answer may have been made", async () => {
    const change = async () => {
      throw new Error("socket hang up");
    };
    await expect(restoring({ ...tables({}), change })).rejects.toMatchObject({
      text: {
        what: expect.stringContaining("does not say whether it gave Ledger-restored time to"),
        notDone: "That change may or may not have been made, and none after it was.",
      },
    });
  });

  it("A table that may not be read is said so, with what the credentials need", async () => {
    const read = async () => {
      throw refusal("AccessDeniedException", "User is not authorized");
    };
    await expect(restoring({ ...tables({}), read })).rejects.toMatchObject({
      exit: "refused",
      code: "table-not-read",
      text: {
        notDone: "Nothing was changed.",
        next: expect.arrayContaining([expect.stringContaining("dynamodb:ListTagsOfResource")]),
      },
    });
  });

  it.each(["ledger", "ledgers=Name", "ledger=a b", "=Name"])(
    "%j names no table",
    async (written) => {
      await expect(restoring(tables({}), [written])).rejects.toMatchObject({ code: "no-table" });
    },
  );
});
