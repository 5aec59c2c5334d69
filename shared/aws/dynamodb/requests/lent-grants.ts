import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { countOnPage } from "../../../domain/requests/page-bytes.ts";
import { requestFrom } from "../../../domain/requests/parse-grant.ts";
import type { AccessRequest } from "../../../domain/requests/request.ts";
import type { LentGrants, StartedBetween } from "../../../ports/lent-grants.ts";
import { LOOKED_AT_A_PAGE, type Page } from "../../../ports/request-store.ts";
import { placeIn, startBehind } from "../index-place.ts";
import { INDEX } from "../indexes.ts";
import { type Item, queryItems } from "../query-items.ts";
import { type Placed, wantedPage } from "../wanted-page.ts";
import { findRequests } from "./find-request.ts";
import { lentIndex, lentPk } from "./lent-keys.ts";
import { requestIn } from "./stray-items.ts";

/** An entry of the index. */
interface Entry {
  readonly place: string;
  /** Undefined where the record is missing or unreadable, or belongs to another place. */
  readonly grant: AccessRequest | undefined;
}

/** How many entries are read at once to find the first grant that this release approved: it is among the first. */
const FIRST_ENTRIES = 10;

/** Grants of a cluster by their starts. The index has only keys, and the records are read by id. */
export function lentGrants(client: DynamoDBDocumentClient, table: string): LentGrants {
  return {
    async lentOn(clusterArn, started, page, isWanted = () => true) {
      const wanted = await wantedPage<Entry>(
        page,
        ({ grant }) => grant === undefined || isWanted(grant),
        (after, count) => entriesAfter(client, table, clusterArn, started, after, count),
      );
      const { items, ...more } = withinBytes(wanted);
      const grants = items.flatMap(({ grant }) => (grant ? [grant] : []));
      return { items: grants, ...more, leftOut: items.length - grants.length };
    },

    async lentSince(clusterArn) {
      let after: string | undefined;
      for (let seen = 0; seen < LOOKED_AT_A_PAGE; seen += FIRST_ENTRIES) {
        const entries = await entriesAfter(client, table, clusterArn, ALL, after, FIRST_ENTRIES);
        const first = entries.find(({ item }) => item?.grant?.listed)?.item?.grant;
        if (first?.approvedAt) return first.approvedAt;
        if (entries.length < FIRST_ENTRIES) return undefined;
        after = entries.at(-1)?.place;
      }
      return undefined;
    },
  };
}

/** Others can write large records, and a page has to fit into one answer. */
function withinBytes(page: Page<Entry>): Page<Entry> {
  const { items } = page;
  const count = countOnPage(
    items.map(({ grant }) => grant ?? null),
    items.length,
  );
  const next = items[count - 1]?.place;
  if (count === items.length || next === undefined) return page;
  return { items: items.slice(0, count), next };
}

/** Sorts around every instant. */
const ALL: StartedBetween = { from: "0", to: "~" };

async function entriesAfter(
  client: DynamoDBDocumentClient,
  table: string,
  clusterArn: string,
  { from, to }: StartedBetween,
  after: string | undefined,
  count: number,
): Promise<readonly Placed<Entry>[]> {
  // A sort key starts with its instant, so the bare instant sorts before all grants of that time.
  const { name, pk, sk } = INDEX.lent;
  const start = after && startBehind(INDEX.lent, lentPk(clusterArn), after);
  const items = await queryItems(
    client,
    {
      TableName: table,
      IndexName: name,
      KeyConditionExpression: `${pk} = :pk AND ${sk} > :start`,
      ExpressionAttributeValues: { ":pk": lentPk(clusterArn), ":start": from },
      ...(start ? { ExclusiveStartKey: start } : {}),
    },
    count,
  );
  const listed = items.filter((item) => String(item[sk]) < to);
  const ids = listed.map((item) => requestIn(item) ?? "");
  const found = await findRequests(client, table, ids);
  return listed.map((item, at) => {
    const place = placeIn(INDEX.lent, item);
    return { place, item: { place, grant: grantAt(item, found.get(ids[at] ?? "")) } };
  });
}

/** Others can write records and index attributes. A record counts where its own fields put it. */
function grantAt(entry: Item, record: unknown): AccessRequest | undefined {
  const grant = requestFrom(record);
  if (!grant || grant.state === "pending" || grant.id !== requestIn(entry)) return undefined;
  const { pk, sk } = INDEX.lent;
  const own = lentIndex(grant);
  return own[pk] === entry[pk] && own[sk] === entry[sk] ? grant : undefined;
}
