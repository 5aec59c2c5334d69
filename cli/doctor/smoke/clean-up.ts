/** Removes what a smoke test made, whatever became of it. */
import { clusterOf } from "../../../shared/domain/values/arn.ts";
import type { SmokeClients } from "../aws/smoke-clients.ts";
import type { Journal } from "./journal.ts";
import { unlessAbsent } from "./refusal.ts";
import { inOrder, PREFIX, ROLE_PATH, type Thing } from "./thing.ts";

export interface Cleaning {
  readonly journal: Journal;
  /** Undefined for an account without credentials. */
  clients(account: string, region?: string): SmokeClients | undefined;
  /** Waits a moment between two looks. */
  pause(): Promise<void>;
  /** How often it looks whether a thing is gone. */
  readonly looks: number;
  /** Told what was removed. */
  removed(thing: Thing): void;
}

/** What could not be removed, and why. */
export interface Left {
  readonly thing: Thing;
  /** The name of the error; that the thing is still shown where there was none. */
  readonly why: string;
}

/** Tries each, one after the other. A failure holds up no other, except a role whose entry is left. */
export async function removeAll(
  cleaning: Cleaning,
  things: readonly Thing[],
): Promise<readonly Left[]> {
  const left: Left[] = [];
  for (const thing of inOrder(things)) {
    const why = await removed(cleaning, thing);
    if (why !== undefined) left.push({ thing, why });
    else {
      cleaning.journal.gone(thing);
      cleaning.removed(thing);
    }
  }
  return left;
}

const NO_CREDENTIALS = "NoCredentials";
const STILL_THERE = "StillThere";

/** @returns why not; undefined once a read shows that it is gone */
async function removed(cleaning: Cleaning, thing: Thing): Promise<string | undefined> {
  try {
    const remover = await removerOf(cleaning, thing);
    if (!remover) return NO_CREDENTIALS;
    await unlessAbsent(remover.remove);
    for (let looks = 0; looks < cleaning.looks; looks += 1) {
      if (await remover.isGone()) return undefined;
      await cleaning.pause();
    }
    return STILL_THERE;
  } catch (error) {
    return error instanceof Error ? error.name : "unknown";
  }
}

interface Remover {
  readonly remove: () => Promise<unknown>;
  readonly isGone: () => Promise<boolean>;
}

const isAbsent = async (look: () => Promise<unknown>): Promise<boolean> =>
  (await unlessAbsent(look)) === undefined;

async function removerOf(cleaning: Cleaning, thing: Thing): Promise<Remover | undefined> {
  if (thing.kind === "entry") return entryRemover(cleaning, thing);
  const { account, name } = thing;
  const clients = cleaning.clients(account, "region" in thing ? thing.region : undefined);
  if (!clients) return undefined;
  if (thing.kind === "role") return roleRemover(clients, name);
  if (thing.kind === "schedule") {
    const [scheduler, input] = [await clients.scheduler(), { Name: name, GroupName: thing.group }];
    return {
      remove: () => scheduler.deleteSchedule(input),
      isGone: () => isAbsent(() => scheduler.getSchedule(input)),
    };
  }
  throw new Error(`Nothing removes ${thing.kind} yet.`);
}

async function entryRemover(
  cleaning: Cleaning,
  { cluster, principalArn }: Extract<Thing, { kind: "entry" }>,
): Promise<Remover | undefined> {
  const { account, region, name: clusterName } = clusterOf(cluster);
  const eks = await cleaning.clients(account, region)?.eks();
  const address = { clusterName, principalArn };
  return (
    eks && {
      remove: () => eks.deleteAccessEntry(address),
      isGone: () => isAbsent(() => eks.describeAccessEntry(address)),
    }
  );
}

async function roleRemover(clients: SmokeClients, RoleName: string): Promise<Remover> {
  const iam = await clients.iam();
  return {
    async remove() {
      const { PolicyNames = [] } = await iam.listRolePolicies({ RoleName });
      for (const PolicyName of PolicyNames)
        await unlessAbsent(() => iam.deleteRolePolicy({ RoleName, PolicyName }));
      await iam.deleteRole({ RoleName });
    },
    isGone: () => isAbsent(() => iam.getRole({ RoleName })),
  };
}

/** A place in which an earlier run may have left something. */
export interface SearchedPlace {
  readonly account: string;
  readonly region: string;
  /** The schedule group. */
  readonly group: string;
  /** ARNs of the clusters there. */
  readonly clusters: readonly string[];
}

/**
 * What AWS itself shows of earlier runs, by the names. It needs no journal.
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
    found.push(...(await schedulesIn(clients, place)));
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

/** A cluster that takes no entries, or that is not there, has none. */
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
