import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { nextFinding } from "../../../domain/evidence/evidence-chain.ts";
import type {
  AcknowledgementRecord,
  FindingDraft,
  FindingRecord,
  FoundRecord,
} from "../../../domain/evidence/findings/finding-record.ts";
import { findingKey } from "../../../domain/evidence/record-key.ts";
import { findingSubject } from "../../../domain/notices/subject.ts";
import { countOnPage } from "../../../domain/requests/page-bytes.ts";
import {
  type FindingStore,
  MOST_FINDINGS_READ,
  type RecordedBetween,
} from "../../../ports/finding-store.ts";
import type { Page, PageQuery } from "../../../ports/request-store.ts";
import {
  type Beside,
  type ChainTable,
  type Place,
  putAbsent,
  type StoredKind,
} from "../audit/chain-table.ts";
import { SCHEMA } from "../keys.ts";
import { type Item, inPartition, queryItems } from "../query-items.ts";
import { noticeWrite } from "../requests/notice-write.ts";
import type { RequestTables } from "../requests/request-writes.ts";
import type { Write } from "../transact.ts";
import {
  aboutKey,
  aboutPk,
  acknowledgementPk,
  findingPk,
  findingPlaceKey,
  OPEN_FINDINGS,
  openFindingKey,
} from "./record-keys.ts";

type Tables = Pick<RequestTables, "requests" | "audit">;

/**
 * Findings in the audit table. In the requests table, pointers to the open ones, and when notify is to
 * look at each.
 */
export function dynamoFindingStore(
  client: DynamoDBDocumentClient,
  tables: Tables,
  chains: ChainTable,
): FindingStore {
  const placesIn = async (pk: string, most?: number): Promise<readonly Place[]> => {
    const query = { TableName: tables.audit, ...inPartition(pk), ConsistentRead: true };
    return (await queryItems(client, query, most)).map(placeIn);
  };
  const finding = async (id: string): Promise<FoundRecord | undefined> => {
    const [record] = await chains.at<FindingRecord>(await placesIn(findingPlaceKey(id).pk));
    return record && isFinding(record) ? record : undefined;
  };
  return {
    async appendFinding(draft) {
      const found =
        draft.type === "acknowledgement" ? await finding(draft.details.findingId) : undefined;
      const beside = (one: FindingDraft, place: Place) => besideOf(tables, one, place, found);
      const kind: StoredKind<FindingRecord, FindingDraft> = { next: nextFinding, beside };
      return await chains.append(findingPk(draft.chain), kind, draft);
    },
    finding,
    acknowledgements: async (findingId) =>
      (
        await chains.at<AcknowledgementRecord>(await placesIn(acknowledgementPk(findingId)))
      ).toSorted((a, b) => a.seq - b.seq),
    openFindings: (between, page) => openFindings(client, tables.requests, chains, between, page),
    async findingsAbout(requestId, named) {
      const places = await placesIn(aboutPk(requestId), MOST_FINDINGS_READ);
      const found = await chains.at<FoundRecord>(places);
      const known = new Set(found.map(({ details }) => details.findingId));
      const earlier = await earlierAbout(chains, requestId, named);
      return [...found, ...earlier.filter(({ details }) => !known.has(details.findingId))]
        .toSorted((a, b) => (a.at < b.at ? -1 : 1))
        .slice(0, MOST_FINDINGS_READ);
    },
    latestFindings: (chain, count) => chains.latest<FindingRecord>(findingPk(chain), count),
    findingsIn: (chain) => chains.all<FindingRecord>(findingPk(chain)),
  };
}

const placeIn = (item: Item): Place => item["place"] as Place;

const isFinding = (record: FindingRecord): record is FoundRecord => record.type === "finding";

/** @param found the finding that an acknowledgement is about */
function besideOf(
  { requests, audit }: Tables,
  draft: FindingDraft,
  place: Place,
  found: FoundRecord | undefined,
): Beside {
  const pointer = { schema: SCHEMA, place };
  switch (draft.type) {
    case "finding": {
      const { findingId, requestIds } = draft.details;
      const about = requestIds.map((id) => ({ ...aboutKey(id, place.at, findingId), ...pointer }));
      const open = { ...openFindingKey(place.at, findingId), ...pointer };
      const more = [...about.map((item) => putAbsent(audit, item)), putOpen(requests, open)];
      // Notify can fill the notice until no update fits, and correlate may put no other in its place.
      const notice: Write = { ...noticeOf(requests, findingId, place), instead: "left-out" };
      return { once: findingPlaceKey(findingKey(draft)), more: [...more, notice] };
    }
    case "expected":
      return { once: findingPlaceKey(findingKey(draft)) };
    case "acknowledgement": {
      const { findingId } = draft.details;
      const once = { pk: acknowledgementPk(findingId), sk: findingKey(draft) };
      const notice = noticeOf(requests, findingId, place);
      return { once, more: found ? [closing(requests, found), notice] : [] };
    }
  }
}

/** Makes the message about a finding due, with the record that it should show. */
const noticeOf = (requests: string, findingId: string, { seq, at }: Place): Write =>
  noticeWrite(requests, { subject: findingSubject(findingId), wanted: seq, at });

/** Not only if it is absent: after one of the two tables was restored, it may be there already. */
const putOpen = (requests: string, Item: Item): Write => ({
  item: { Put: { TableName: requests, Item } },
});

const closing = (requests: string, { at, details }: FoundRecord): Write => ({
  item: { Delete: { TableName: requests, Key: openFindingKey(at, details.findingId) } },
});

/** Findings that an earlier release recorded without pointers. */
async function earlierAbout(
  chains: ChainTable,
  requestId: string,
  named: readonly string[],
): Promise<readonly FoundRecord[]> {
  const found: FoundRecord[] = [];
  for (const chain of named) {
    const pk = findingPk(chain);
    if (!(await chains.isEarlier(pk))) continue;
    const records = (await chains.all<FindingRecord>(pk)).filter(isFinding);
    found.push(...records.filter(({ details }) => details.requestIds.includes(requestId)));
  }
  return found;
}

/** Sorts before every instant. */
const FIRST = " ";

async function openFindings(
  client: DynamoDBDocumentClient,
  table: string,
  chains: ChainTable,
  { from = FIRST, to }: RecordedBetween,
  { limit, after }: PageQuery,
): Promise<Page<FoundRecord>> {
  const query = {
    TableName: table,
    KeyConditionExpression: "pk = :pk AND sk > :after",
    // A sort key starts with its instant, so the bare instant sorts before all findings of then.
    ExpressionAttributeValues: { ":pk": OPEN_FINDINGS, ":after": after ?? from },
    ConsistentRead: true,
  };
  const pointers = (await queryItems(client, query, limit + 1)).filter(
    (pointer) => to === undefined || String(pointer["sk"]) < to,
  );
  const read = pointers.slice(0, limit);
  const found = await chains.at<FoundRecord>(read.map(placeIn));
  const count = countOnPage(found, limit);
  const last = found[count - 1];
  if (count < found.length && last)
    return {
      items: found.slice(0, count),
      next: openFindingKey(last.at, last.details.findingId).sk,
    };
  return {
    items: found,
    ...(pointers.length > limit ? { next: String(read.at(-1)?.["sk"]) } : {}),
  };
}
