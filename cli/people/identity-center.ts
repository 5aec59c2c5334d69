/** Reads all users, groups and memberships of Identity Center, with read-only calls. */
import type {
  Group,
  GroupMembership,
  IdentitystoreClient,
  User,
} from "@aws-sdk/client-identitystore";
import type {
  Directory,
  DirectoryUser,
} from "../../shared/policy-tools/people-sync/directory-user.ts";
import { identityCenterRefused, noIdentityCenter, severalStores } from "./directory-failures.ts";

interface IdentityCenterPlace {
  /** Identity Center's home region. */
  readonly region: string;
  /** `d-…`; looked up where it is not given. */
  readonly storeId: string | undefined;
  /** The groups whose members are read, as the directory shows them; all of them where undefined. */
  readonly groups: readonly string[] | undefined;
}

/** Identity Center takes 20 calls a second and answers 100 entries each. The SDK waits where it is throttled. */
const PACE = { maxAttempts: 10, retryMode: "adaptive" } as const;
const PAGE = { pageSize: 100 } as const;

/** @throws Failure `refused` where AWS refuses a call; `usage` where it is not said which directory is meant */
export async function readIdentityCenter({
  region,
  storeId,
  groups: wanted,
}: IdentityCenterPlace): Promise<Directory> {
  const { IdentitystoreClient } = await import("@aws-sdk/client-identitystore");
  const client = new IdentitystoreClient({ region, ...PACE });
  try {
    const store = storeId ?? (await onlyStore(region));
    const { users, groups } = await usersAndGroups(client, store);
    const counting = groups.filter(
      ({ DisplayName = "" }) => wanted === undefined || wanted.includes(DisplayName),
    );
    const groupsOf = await groupsByMember(client, store, counting);
    return {
      users: users.map((user) => directoryUser(user, groupsOf.get(user.UserId ?? "") ?? [])),
      groups: groups.map(({ DisplayName = "" }) => DisplayName),
    };
  } catch (error) {
    throw identityCenterRefused(error, region);
  } finally {
    client.destroy();
  }
}

async function onlyStore(region: string): Promise<string> {
  const { SSOAdminClient, paginateListInstances } = await import("@aws-sdk/client-sso-admin");
  const client = new SSOAdminClient({ region, ...PACE });
  try {
    const stores: string[] = [];
    for await (const { Instances = [] } of paginateListInstances({ client, ...PAGE }, {}))
      stores.push(...Instances.flatMap(({ IdentityStoreId }) => IdentityStoreId ?? []));
    const [store, ...others] = stores;
    if (store === undefined) throw noIdentityCenter(region);
    if (others.length > 0) throw severalStores(stores);
    return store;
  } finally {
    client.destroy();
  }
}

async function usersAndGroups(client: IdentitystoreClient, IdentityStoreId: string) {
  const { paginateListGroups, paginateListUsers } = await import("@aws-sdk/client-identitystore");
  const users: User[] = [];
  const groups: Group[] = [];
  for await (const page of paginateListUsers({ client, ...PAGE }, { IdentityStoreId }))
    users.push(...(page.Users ?? []));
  for await (const page of paginateListGroups({ client, ...PAGE }, { IdentityStoreId }))
    groups.push(...(page.Groups ?? []));
  return { users, groups };
}

/** The groups of each user, by the user's id, one after the other: more would only be throttled. */
async function groupsByMember(
  client: IdentitystoreClient,
  IdentityStoreId: string,
  groups: readonly Group[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { paginateListGroupMemberships } = await import("@aws-sdk/client-identitystore");
  const byMember = new Map<string, string[]>();
  const add = (shown: string, { MemberId }: GroupMembership) => {
    if (MemberId?.UserId !== undefined)
      byMember.set(MemberId.UserId, [...(byMember.get(MemberId.UserId) ?? []), shown]);
  };
  for (const { GroupId, DisplayName = "" } of groups)
    for await (const page of paginateListGroupMemberships(
      { client, ...PAGE },
      { IdentityStoreId, GroupId },
    ))
      for (const one of page.GroupMemberships ?? []) add(DisplayName, one);
  return byMember;
}

function directoryUser(user: User, groups: readonly string[]): DirectoryUser {
  const { UserId, UserName = "", Emails = [], UserStatus } = user;
  const email = (Emails.find(({ Primary }) => Primary) ?? Emails[0])?.Value;
  return {
    ...(UserId === undefined ? {} : { userId: UserId }),
    userName: UserName,
    ...(email ? { email } : {}),
    isActive: UserStatus !== "DISABLED",
    groups,
  };
}
