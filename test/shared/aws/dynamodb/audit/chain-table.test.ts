import {
  type DynamoDBDocumentClient,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
} from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { dynamoEvidenceStore } from "../../../../../shared/aws/dynamodb/evidence/dynamo-evidence-store.ts";
import {
  chainedKey,
  evidencePk,
  findingPk,
  openFindingKey,
  recordIndex,
} from "../../../../../shared/aws/dynamodb/evidence/record-keys.ts";
import { queryItems } from "../../../../../shared/aws/dynamodb/query-items.ts";
import type { RequestTables } from "../../../../../shared/aws/dynamodb/requests/request-writes.ts";
import { systemRandom } from "../../../../../shared/aws/machine/system-random.ts";
import {
  evidenceVerifier,
  findingVerifier,
  nextEvidence,
  nextFinding,
} from "../../../../../shared/domain/evidence/evidence-chain.ts";
import type { EvidenceDraft } from "../../../../../shared/domain/evidence/evidence-record.ts";
import {
  eventFindingId,
  type FindingDraft,
} from "../../../../../shared/domain/evidence/findings/finding-record.ts";
import type { ChainedRecord } from "../../../../../shared/domain/values/hash-chain.ts";
import { MOST_FINDINGS_READ } from "../../../../../shared/ports/finding-store.ts";
import { aFinding, CHAIN, expectedChange, seen } from "../../../domain/evidence/finding-drafts.ts";
import { confirmation, GRANT } from "../../../domain/evidence/samples.ts";
import { type LocalTables, sharedTables } from "../local-tables.ts";

let local: LocalTables;
let tables: RequestTables;
beforeAll(async () => {
  local = await sharedTables();
});
beforeEach(async () => {
  tables = await local.requestTables();
});
afterAll(async () => {
  await local.stop();
});

type Command = Parameters<DynamoDBDocumentClient["send"]>[0];

/** The store, on a client whose calls a test sees first. */
function storeOn(around: (command: Command, send: () => Promise<unknown>) => Promise<unknown>) {
  const client = {
    config: local.client.config,
    send: (command: Command) => around(command, () => local.client.send(command)),
  } as unknown as DynamoDBDocumentClient;
  return dynamoEvidenceStore(client, tables, systemRandom);
}
const store = () => storeOn((_command, send) => send());

/** A record as an earlier release stored it: nothing stands beside it. */
async function storedEarlier(pk: string, record: ChainedRecord & { readonly at: string }) {
  const Item = { ...chainedKey(pk, record.seq), ...recordIndex(pk, record), schema: 1, record };
  await local.client.send(new PutCommand({ TableName: tables.audit, Item }));
}

async function findingsOfEarlier(...drafts: readonly FindingDraft[]) {
  let head: ReturnType<typeof nextFinding> | undefined;
  for (const draft of drafts) {
    head = nextFinding(head, draft);
    await storedEarlier(findingPk(CHAIN), head);
  }
}

const faultsOf = async () => {
  const verifier = findingVerifier();
  const faults = (await store().findingsIn(CHAIN)).flatMap((one) => verifier.add(one) ?? []);
  return [...faults, ...verifier.end()];
};

describe("The cost of an append to a chain", () => {
  it("An append reads one item, however long its chain is", async () => {
    const read: number[] = [];
    const counting = storeOn(async (command, send) => {
      const answer = await send();
      if (command instanceof QueryCommand) read.push((answer as { readonly Count: number }).Count);
      return answer;
    });
    const costs: number[] = [];
    for (let n = 0; n < 30; n += 1) {
      read.length = 0;
      expect(await counting.appendFinding(aFinding(`n${n}`))).toBe(true);
      costs.push(read.reduce((sum, count) => sum + count, 0));
    }
    expect(new Set(costs.slice(1))).toEqual(new Set([1]));
    expect(await faultsOf()).toEqual([]);
  });

  it("The findings on a request are read up to a limit, whoever made how many changes", async () => {
    const limits: (number | undefined)[] = [];
    const watching = storeOn((command, send) => {
      if (command instanceof QueryCommand) limits.push(command.input.Limit);
      return send();
    });
    await store().appendFinding(aFinding("one", undefined, ["r1"]));
    expect(await watching.findingsAbout("r1", [])).toHaveLength(1);
    expect(limits).toEqual([MOST_FINDINGS_READ, 1]);
  });

  it("A finding whose pointer was left by a table that was restored is recorded all the same", async () => {
    const { at, details } = aFinding("one");
    const Item = openFindingKey(at, details.findingId);
    await local.client.send(new PutCommand({ TableName: tables.requests, Item }));
    expect(await store().appendFinding(aFinding("one"))).toBe(true);
    expect((await store().openFindings({}, { limit: 10 })).items).toHaveLength(1);
  });

  it("Every item that an append writes is put, and only if it is absent", async () => {
    const writes: object[] = [];
    const watching = storeOn((command, send) => {
      if (command instanceof TransactWriteCommand)
        writes.push(...(command.input.TransactItems ?? []));
      return send();
    });
    await watching.appendFinding(aFinding("one", undefined, ["r1"]));
    await watching.appendEvidence(confirmation(GRANT));
    await watching.appendFinding(seen("one"));
    const toAudit = writes.filter((write) => JSON.stringify(write).includes(tables.audit));
    expect(toAudit.length).toBeGreaterThan(5);
    for (const write of toAudit)
      expect(write).toMatchObject({ Put: { ConditionExpression: "attribute_not_exists(pk)" } });
  });
});

describe("An append whose answer is lost", () => {
  it("An append that is repeated after its answer was lost adds its record once", async () => {
    let lost = false;
    const losing = storeOn(async (command, send) => {
      const answer = await send();
      if (command instanceof TransactWriteCommand && !lost) {
        lost = true;
        throw new Error("The answer was lost.");
      }
      return answer;
    });
    await expect(losing.appendFinding(aFinding("one"))).rejects.toThrow("lost");
    expect(await losing.appendFinding(aFinding("one"))).toBe(false);
    expect(await losing.appendFinding(aFinding("two"))).toBe(true);
    expect(await store().findingsIn(CHAIN)).toHaveLength(2);
    expect(await faultsOf()).toEqual([]);
    expect((await store().openFindings({}, { limit: 10 })).items).toHaveLength(2);
  });

  it("An append that another writer overtakes starts over behind that writer's record", async () => {
    let overtaken = false;
    const slow = storeOn(async (command, send) => {
      if (command instanceof TransactWriteCommand && !overtaken) {
        overtaken = true;
        await store().appendFinding(expectedChange("faster"));
      }
      return send();
    });
    expect(await slow.appendFinding(aFinding("slower"))).toBe(true);
    const records = await store().findingsIn(CHAIN);
    expect(records.map(({ type }) => type)).toEqual(["expected", "finding"]);
    expect(await faultsOf()).toEqual([]);
  });

  it("An append that is overtaken by the same record adds nothing", async () => {
    let overtaken = false;
    const slow = storeOn(async (command, send) => {
      if (command instanceof TransactWriteCommand && !overtaken) {
        overtaken = true;
        await store().appendFinding(aFinding("one"));
      }
      return send();
    });
    expect(await slow.appendFinding(aFinding("one"))).toBe(false);
    expect(await store().findingsIn(CHAIN)).toHaveLength(1);
  });

  it("An append that is overtaken every time says that nothing was written", async () => {
    let n = 0;
    const slow = storeOn(async (command, send) => {
      if (command instanceof TransactWriteCommand) {
        n += 1;
        await store().appendFinding(expectedChange(`faster ${n}`));
      }
      return send();
    });
    await expect(slow.appendFinding(aFinding("slower"))).rejects.toMatchObject({
      code: "dependency-unavailable",
    });
    expect((await store().findingsIn(CHAIN)).map(({ type }) => type)).not.toContain("finding");
    expect(await store().finding(eventFindingId("slower"))).toBeUndefined();
  });
});

describe("Chains of an earlier release", () => {
  it("A finding that an earlier release recorded is not recorded again", async () => {
    await findingsOfEarlier(aFinding("one"), expectedChange("two"));
    expect(await store().appendFinding(aFinding("one"))).toBe(false);
    expect(await store().appendFinding(aFinding("two"))).toBe(false);
    expect(await store().findingsIn(CHAIN)).toHaveLength(2);
  });

  it("The first append gives every earlier finding its place in the lists", async () => {
    await findingsOfEarlier(aFinding("one", undefined, ["r1"]), expectedChange("two"));
    expect(await store().appendFinding(aFinding("three"))).toBe(true);
    expect(await faultsOf()).toEqual([]);
    expect(await store().finding(eventFindingId("one"))).toMatchObject(
      aFinding("one", undefined, ["r1"]),
    );
    const open = await store().openFindings({}, { limit: 10 });
    expect(open.items.map(({ details }) => details.findingId).toSorted()).toEqual(
      [eventFindingId("one"), eventFindingId("three")].toSorted(),
    );
    await store().appendFinding(seen("one"));
    await storedEarlier(
      findingPk(CHAIN),
      nextFinding(
        (await store().findingsIn(CHAIN)).at(-1),
        aFinding("late, by the earlier release"),
      ),
    );
    await store().appendFinding(aFinding("last"));
    const left = (await store().openFindings({}, { limit: 10 })).items;
    expect(left.map(({ details }) => details.findingId)).not.toContain(eventFindingId("one"));
    expect(left).toHaveLength(3);
  });

  it("The findings on a request are there before and after the first append", async () => {
    await findingsOfEarlier(aFinding("one", undefined, ["r1"]), aFinding("other"));
    const about = async () =>
      (await store().findingsAbout("r1", [CHAIN])).map(({ details }) => details.findingId);
    expect(await about()).toEqual([eventFindingId("one")]);
    await store().appendFinding(aFinding("two", "2026-11-24T11:00:00.000Z", ["r1"]));
    expect(await about()).toEqual([eventFindingId("one"), eventFindingId("two")]);
  });

  it("Evidence that an earlier release recorded is not recorded again, and its chain goes on", async () => {
    await storedEarlier(evidencePk(GRANT), nextEvidence(undefined, confirmation(GRANT)));
    expect(await store().appendEvidence(confirmation(GRANT))).toBe(false);
    const missing: EvidenceDraft = {
      type: "missing",
      requestId: GRANT,
      at: "2026-11-25T10:00:02.000Z",
      details: { eksRequestId: "other", calledAt: "2026-11-24T10:00:01.250Z" },
    };
    expect(await store().appendEvidence(missing)).toBe(true);
    const verifier = evidenceVerifier();
    const records = await store().evidenceOf(GRANT);
    expect(records.map((one) => verifier.add(one))).toEqual([undefined, undefined]);
  });
});

describe("Items beside records", () => {
  it("Nothing that stands beside records is in the index that the archive reads", async () => {
    await store().appendFinding(aFinding("one", "2026-11-24T10:06:00.000Z", ["r1"]));
    await store().appendFinding(seen("one", "CHG-1", "2026-11-24T10:07:00.000Z"));
    const query = {
      TableName: tables.audit,
      IndexName: "audit",
      KeyConditionExpression: "auditPk = :pk",
      ExpressionAttributeValues: { ":pk": "RECORDS#HOUR#2026-11-24T10" },
    };
    const items = await queryItems(local.client, query);
    expect(items.map(({ pk }) => pk)).toEqual([findingPk(CHAIN), findingPk(CHAIN)]);
  });
});
