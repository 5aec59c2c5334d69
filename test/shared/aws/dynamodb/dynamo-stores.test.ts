import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { PROD, T0 } from "../../../../lab/fakes/builders.ts";
import { fixedClock } from "../../../../lab/fakes/fixed-clock.ts";
import { dynamoAuditRecords } from "../../../../shared/aws/dynamodb/audit/dynamo-audit-records.ts";
import { dynamoCursorKeys } from "../../../../shared/aws/dynamodb/dynamo-cursor-keys.ts";
import { dynamoEvidenceStore } from "../../../../shared/aws/dynamodb/evidence/dynamo-evidence-store.ts";
import { dynamoFactStore } from "../../../../shared/aws/dynamodb/facts/dynamo-fact-store.ts";
import { auditKey, grantKey } from "../../../../shared/aws/dynamodb/keys.ts";
import { dynamoLedgerStore } from "../../../../shared/aws/dynamodb/ledger/dynamo-ledger-store.ts";
import { dynamoStopCopyStore } from "../../../../shared/aws/dynamodb/ledger/dynamo-stop-copy-store.ts";
import { dynamoBindingStore } from "../../../../shared/aws/dynamodb/requests/dynamo-binding-store.ts";
import { dynamoDelegationStore } from "../../../../shared/aws/dynamodb/requests/dynamo-delegation-store.ts";
import { dynamoMessagePlaces } from "../../../../shared/aws/dynamodb/requests/dynamo-message-places.ts";
import { dynamoNoticeStore } from "../../../../shared/aws/dynamodb/requests/dynamo-notice-store.ts";
import { dynamoRequestStore } from "../../../../shared/aws/dynamodb/requests/dynamo-request-store.ts";
import { dynamoSendPace } from "../../../../shared/aws/dynamodb/requests/dynamo-send-pace.ts";
import { dynamoStopStore } from "../../../../shared/aws/dynamodb/requests/dynamo-stop-store.ts";
import { dynamoReadingStore } from "../../../../shared/aws/dynamodb/standing/dynamo-reading-store.ts";
import { dynamoStandingStore } from "../../../../shared/aws/dynamodb/standing/dynamo-standing-store.ts";
import { systemRandom } from "../../../../shared/aws/machine/system-random.ts";
import { askedTogetherContract } from "../../../contracts/asked-together.contract.ts";
import { automaticLimitContract } from "../../../contracts/automatic-limit.contract.ts";
import { bindingStoreContract } from "../../../contracts/binding-store.contract.ts";
import { cursorKeysContract } from "../../../contracts/cursor-keys.contract.ts";
import { delegationStoreContract } from "../../../contracts/delegation-store.contract.ts";
import { driftTurnsContract } from "../../../contracts/drift-turns.contract.ts";
import { dueItemsContract } from "../../../contracts/due-items.contract.ts";
import { endNotesContract } from "../../../contracts/end-notes.contract.ts";
import { entryRoomContract } from "../../../contracts/entry-room.contract.ts";
import { escalationsContract } from "../../../contracts/escalations.contract.ts";
import { eventPagesContract } from "../../../contracts/event-pages.contract.ts";
import { evidenceStoreContract } from "../../../contracts/evidence-store.contract.ts";
import { extensionsContract } from "../../../contracts/extensions.contract.ts";
import { factStoreContract } from "../../../contracts/fact-store.contract.ts";
import { findingStoreContract } from "../../../contracts/finding-store.contract.ts";
import { grantCapacityContract } from "../../../contracts/grant-capacity.contract.ts";
import { idPrefixesContract } from "../../../contracts/id-prefixes.contract.ts";
import { ledgerStoreContract } from "../../../contracts/ledger-store.contract.ts";
import { lentGrantsContract } from "../../../contracts/lent-grants.contract.ts";
import { lesserTermsContract } from "../../../contracts/lesser-terms.contract.ts";
import { messagePlacesContract } from "../../../contracts/message-places.contract.ts";
import { noncesContract } from "../../../contracts/nonces.contract.ts";
import { noticeStoreContract } from "../../../contracts/notice-store.contract.ts";
import { pendingLimitContract } from "../../../contracts/pending-limit.contract.ts";
import { aReading, readingStoreContract } from "../../../contracts/reading-store.contract.ts";
import { requestListsContract } from "../../../contracts/request-lists.contract.ts";
import { requestStoreContract } from "../../../contracts/request-store.contract.ts";
import { sendPaceContract } from "../../../contracts/send-pace.contract.ts";
import { standingStoreContract } from "../../../contracts/standing-store.contract.ts";
import { stopCopyContract, stopStoreContract } from "../../../contracts/stop-store.contract.ts";
import { type LocalTables, sharedTables } from "./local-tables.ts";

let tables: LocalTables;
beforeAll(async () => {
  tables = await sharedTables();
});
afterEach(() => tables.takeBack());
afterAll(async () => {
  await tables.stop();
});

const requestStore = async () =>
  dynamoRequestStore(tables.client, await tables.requestTables(), systemRandom);
requestStoreContract("dynamoRequestStore", requestStore, async () => {
  const names = await tables.requestTables();
  return {
    store: dynamoRequestStore(tables.client, names, systemRandom),
    async addEvent(event) {
      const Item = { ...auditKey(event.requestId, event.seq), event };
      await tables.client.send(new PutCommand({ TableName: names.audit, Item }));
    },
  };
});
lentGrantsContract("dynamoRequestStore", requestStore);
requestListsContract("dynamoRequestStore", requestStore);
eventPagesContract("dynamoRequestStore", requestStore);
extensionsContract("dynamoRequestStore", requestStore);
grantCapacityContract("dynamoRequestStore", requestStore);
entryRoomContract("dynamoRequestStore", requestStore);
idPrefixesContract("dynamoRequestStore", requestStore);
endNotesContract("dynamoRequestStore", requestStore);
noncesContract("dynamoRequestStore", requestStore);
automaticLimitContract("dynamoRequestStore", requestStore);
lesserTermsContract("dynamoRequestStore", requestStore);
escalationsContract("dynamoRequestStore", requestStore);
pendingLimitContract("dynamoRequestStore", requestStore);
askedTogetherContract("dynamoRequestStore", requestStore);

stopStoreContract("dynamoStopStore", async () => {
  const names = await tables.requestTables();
  return {
    store: dynamoStopStore(tables.client, names, systemRandom),
    notices: dynamoNoticeStore(tables.client, names.requests, systemRandom),
  };
});
stopCopyContract("dynamoStopCopyStore", async () =>
  dynamoStopCopyStore(tables.client, await tables.ledgerTable()),
);

const bindingStores = async () => {
  const names = await tables.requestTables();
  return {
    requests: dynamoRequestStore(tables.client, names, systemRandom),
    bindings: dynamoBindingStore(tables.client, names.requests, {
      clock: fixedClock(T0),
      random: systemRandom,
    }),
    async plant(binding: string, id: string, request: unknown) {
      const Item = { ...grantKey(binding, id), request };
      await tables.client.send(new PutCommand({ TableName: names.requests, Item }));
    },
  };
};
bindingStoreContract("dynamoBindingStore", bindingStores);
dueItemsContract("dynamoBindingStore", bindingStores);
driftTurnsContract("dynamoBindingStore", bindingStores);

ledgerStoreContract("dynamoLedgerStore", async () =>
  dynamoLedgerStore(tables.client, await tables.ledgerTable(), {
    // An emptied ledger expires a day later. The engine deletes what has expired, and the next test has its key.
    clock: fixedClock("2099-01-01T00:00:00.000Z"),
    random: systemRandom,
  }),
);

noticeStoreContract("dynamoNoticeStore", async () => {
  const names = await tables.requestTables();
  return {
    requests: dynamoRequestStore(tables.client, names, systemRandom),
    findings: dynamoEvidenceStore(tables.client, names, systemRandom),
    notices: dynamoNoticeStore(tables.client, names.requests, systemRandom),
  };
});

const evidenceStore = async () =>
  dynamoEvidenceStore(tables.client, await tables.requestTables(), systemRandom);
evidenceStoreContract("dynamoEvidenceStore", evidenceStore);
findingStoreContract("dynamoEvidenceStore", evidenceStore);

cursorKeysContract("dynamoCursorKeys", async () => {
  const table = await tables.requestsTable();
  return () => dynamoCursorKeys(tables.client, table, systemRandom);
});

messagePlacesContract("dynamoMessagePlaces", async () =>
  dynamoMessagePlaces(tables.client, await tables.requestsTable(), {
    clock: fixedClock("2099-01-01T00:00:00.000Z"),
    random: systemRandom,
  }),
);

sendPaceContract("dynamoSendPace", async (clock) =>
  dynamoSendPace(tables.client, await tables.requestsTable(), { clock, random: systemRandom }),
);
// Its table has the keys of the ledger's, and no index.
factStoreContract("dynamoFactStore", async () =>
  dynamoFactStore(tables.client, await tables.ledgerTable()),
);
it("A look replaces an item whose instant is no text, which whoever takes outside over may put", async () => {
  const [table, schedule, lookedAt] = [await tables.ledgerTable(), "pagerduty/us/P1", T0];
  const spoiled = { pk: `SCHEDULE#${schedule}`, sk: "READING", lookedAt: 9e15 };
  await tables.client.send(new PutCommand({ TableName: table, Item: spoiled }));
  const store = dynamoFactStore(tables.client, table);
  const reading = { schedule, lookedAt, answer: { readAt: lookedAt, shifts: [] } };
  await store.putSchedule(reading);
  expect((await store.schedules([schedule])).get(schedule)).toEqual(reading);
});

standingStoreContract("dynamoStandingStore", async () =>
  dynamoStandingStore(tables.client, (await tables.requestTables()).requests),
);

readingStoreContract("dynamoReadingStore", async () => {
  const { audit } = await tables.requestTables();
  return {
    store: dynamoReadingStore(tables.client, audit),
    records: dynamoAuditRecords(tables.client, audit),
  };
});

it("Items that others put behind the readings of a cluster are passed over, and the gap shows", async () => {
  const { audit } = await tables.requestTables();
  const store = dynamoReadingStore(tables.client, audit);
  await store.keep(PROD.arn, aReading(1));
  const planted = { pk: `STANDING#${PROD.arn}`, sk: "000002", schema: 1, record: "none" };
  await tables.client.send(new PutCommand({ TableName: audit, Item: planted }));
  await store.keep(PROD.arn, aReading(2));
  const records = dynamoAuditRecords(tables.client, audit);
  const [first, third] = [await records.find(planted.pk, 1), await records.find(planted.pk, 3)];
  expect(third?.record.previousHash).toBe(first?.record.hash);
});

delegationStoreContract("dynamoDelegationStore", async () => {
  const names = await tables.requestTables();
  return {
    requests: dynamoRequestStore(tables.client, names, systemRandom),
    delegations: dynamoDelegationStore(tables.client, names, systemRandom),
    notices: dynamoNoticeStore(tables.client, names.requests, systemRandom),
  };
});
