/** Finds the things of earlier smoke tests, by the names that they give. */
import { clusterOf } from "../../../shared/domain/values/arn.ts";
import type { SmokeClients } from "../aws/smoke-clients.ts";
import type { Cleaning } from "./clean-up.ts";
import { unlessAbsent } from "./refusal.ts";
import { PREFIX, ROLE_PATH, type Thing } from "./thing.ts";

/** A place in which an earlier run may have left something. */
export interface SearchedPlace {
  readonly account: string;
  readonly region: string;
  /** The schedule group. */
  readonly group: string;
  /** Whether the broker is there, and its tables. */
  readonly isBrokers: boolean;
  /** ARNs of the clusters there. */
  readonly clusters: readonly string[];
}

/**
 * The things of earlier runs that AWS itself shows, by their names. It needs no journal.
 *
 * @throws for what may not be listed
 */
export async function leftovers(
  cleaning: Pick<Cleaning, "clients">,
  places: readonly SearchedPlace[],
): Promise<readonly Thing[]> {
  const found: Thing[] = [];
  for (const account of new Set(places.map((place) => place.account)))
    found.push(...(await rolesIn(cleaning, account)));
  for (const place of places) {
    const clients = cleaning.clients(place.account, place.region);
    if (!clients) continue;
    found.push(...(await schedulesIn(clients, place)), ...(await alarmsIn(clients, place)));
    found.push(...(await queuesIn(clients, place)), ...(await tablesIn(clients, place)));
    found.push(...(await stacksIn(clients, place)));
    for (const cluster of place.clusters) found.push(...(await entriesOn(clients, cluster)));
  }
  return found;
}

async function rolesIn(
  { clients }: Pick<Cleaning, "clients">,
  account: string,
): Promise<readonly Thing[]> {
  const iam = await clients(account)?.iam();
  if (!iam) return [];
  const { paginateListRoles } = await import("@aws-sdk/client-iam");
  const found: Thing[] = [];
  for await (const { Roles = [] } of paginateListRoles({ client: iam }, { PathPrefix: ROLE_PATH }))
    for (const { RoleName: name = "" } of Roles) found.push({ kind: "role", account, name });
  return found;
}

async function schedulesIn(
  clients: SmokeClients,
  { account, region, group }: SearchedPlace,
): Promise<readonly Thing[]> {
  const client = await clients.scheduler();
  const { paginateListSchedules } = await import("@aws-sdk/client-scheduler");
  const found: Thing[] = [];
  const pages = paginateListSchedules({ client }, { GroupName: group, NamePrefix: PREFIX });
  for await (const { Schedules = [] } of pages)
    for (const { Name: name = "" } of Schedules)
      found.push({ kind: "schedule", account, region, group, name });
  return found;
}

async function alarmsIn(
  clients: SmokeClients,
  { account, region }: SearchedPlace,
): Promise<readonly Thing[]> {
  const client = await clients.cloudWatch();
  const { paginateDescribeAlarms } = await import("@aws-sdk/client-cloudwatch");
  const found: Thing[] = [];
  for await (const page of paginateDescribeAlarms({ client }, { AlarmNamePrefix: `${PREFIX}-` }))
    for (const { AlarmName: name = "" } of page.MetricAlarms ?? [])
      found.push({ kind: "alarm", account, region, name });
  return found;
}

async function queuesIn(
  clients: SmokeClients,
  { account, region }: SearchedPlace,
): Promise<readonly Thing[]> {
  const client = await clients.sqs();
  const { paginateListQueues } = await import("@aws-sdk/client-sqs");
  const found: Thing[] = [];
  for await (const page of paginateListQueues({ client }, { QueueNamePrefix: `${PREFIX}-` }))
    for (const url of page.QueueUrls ?? [])
      found.push({ kind: "queue", account, region, name: url.slice(url.lastIndexOf("/") + 1) });
  return found;
}

/** A restored table is where the broker is. */
async function tablesIn(
  clients: SmokeClients,
  { account, region, isBrokers }: SearchedPlace,
): Promise<readonly Thing[]> {
  if (!isBrokers) return [];
  const client = await clients.dynamoDb();
  const { paginateListTables } = await import("@aws-sdk/client-dynamodb");
  const found: Thing[] = [];
  for await (const { TableNames = [] } of paginateListTables({ client }, {}))
    for (const name of TableNames)
      if (name.startsWith(`${PREFIX}-`)) found.push({ kind: "table", account, region, name });
  return found;
}

/** The scratch stack is where the broker is. */
async function stacksIn(
  clients: SmokeClients,
  { account, region, isBrokers }: SearchedPlace,
): Promise<readonly Thing[]> {
  if (!isBrokers) return [];
  const client = await clients.cloudFormation();
  const { paginateListStacks } = await import("@aws-sdk/client-cloudformation");
  const found: Thing[] = [];
  for await (const { StackSummaries: stacks = [] } of paginateListStacks({ client }, {}))
    for (const { StackName: name = "", StackStatus: status } of stacks)
      if (name.startsWith(`${PREFIX}-`) && status !== "DELETE_COMPLETE")
        found.push({ kind: "stack", account, region, name });
  return found;
}

/** A cluster that takes no entries, or that is not there, has no entry. */
const NO_ENTRIES = ["InvalidRequestException", "ResourceNotFoundException"];

async function entriesOn(clients: SmokeClients, cluster: string): Promise<readonly Thing[]> {
  const client = await clients.eks();
  const { paginateListAccessEntries } = await import("@aws-sdk/client-eks");
  const { name: clusterName } = clusterOf(cluster);
  const listed = async () => {
    const found: string[] = [];
    for await (const page of paginateListAccessEntries({ client }, { clusterName }))
      found.push(...(page.accessEntries ?? []));
    return found;
  };
  return ((await unlessAbsent(listed, NO_ENTRIES)) ?? [])
    .filter((principalArn) => principalArn.includes(`:role${ROLE_PATH}${PREFIX}-`))
    .map((principalArn) => ({ kind: "entry", cluster, principalArn }));
}
