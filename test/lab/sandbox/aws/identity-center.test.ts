/** The emulated Identity Center through AWS's own clients, and through the reader of `timelatch people sync`. */
import {
  IdentitystoreClient,
  ListGroupMembershipsCommand,
  ListGroupsCommand,
  ListUsersCommand,
  paginateListUsers,
} from "@aws-sdk/client-identitystore";
import { ListInstancesCommand, SSOAdminClient } from "@aws-sdk/client-sso-admin";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { IdentityDirectory } from "../../../../lab/sandbox/aws/identitystore/directory.ts";
import { identityStoreService } from "../../../../lab/sandbox/aws/identitystore/service.ts";
import { ssoAdminService } from "../../../../lab/sandbox/aws/sso-admin/service.ts";
import { IDENTITY_CENTER } from "../../../../lab/sandbox/world/identity-center.ts";
import {
  ACCOUNT,
  clientConfig,
  document,
  iamStore,
  listen,
  type RunningPort,
  role,
  statement,
} from "./iam-world.ts";

/** As docs/identity.md has it. */
const READER = document(
  statement([
    "sso:ListInstances",
    "identitystore:ListUsers",
    "identitystore:ListGroups",
    "identitystore:ListGroupMemberships",
  ]),
);
const reader = role("reader", { policy: READER });
const usersAlone = role("users-alone", {
  policy: document(
    statement("identitystore:ListUsers", [
      `arn:aws:identitystore::${ACCOUNT}:identitystore/d-1`,
      "arn:aws:identitystore:::user/*",
    ]),
  ),
});
const storeAlone = role("store-alone", {
  policy: document(
    statement("identitystore:*", `arn:aws:identitystore::${ACCOUNT}:identitystore/d-1`),
  ),
});

const id = (kind: string, at: number) => `${kind}-${at}`;
const LARGE: IdentityDirectory = {
  storeId: "d-1",
  users: Array.from({ length: 250 }, (_, at) => ({
    id: id("user", at),
    userName: `u${at}`,
    displayName: `U ${at}`,
    ...(at === 3 ? { isDisabled: true as const } : { email: `u${at}@example.com` }),
  })),
  groups: [
    {
      id: "group-0",
      displayName: "All",
      members: Array.from({ length: 250 }, (_, at) => id("user", at)),
    },
  ],
};

let port: RunningPort;
beforeAll(async () => {
  port = await listen({
    services: [
      identityStoreService({ directory: LARGE, account: ACCOUNT }),
      ssoAdminService({ storeId: LARGE.storeId, account: ACCOUNT }),
    ],
    iam: iamStore(reader, usersAlone, storeAlone),
  });
});
afterAll(() => port.close());

const store = (of = reader) => new IdentitystoreClient(clientConfig(port.url, of));
const IdentityStoreId = "d-1";

describe("The emulated Identity Store", () => {
  it("Lists have pages of the size that is asked for, of 100 at most", async () => {
    const sizes: number[] = [];
    const names = new Set<string | undefined>();
    for await (const { Users = [] } of paginateListUsers(
      { client: store(), pageSize: 100 },
      { IdentityStoreId },
    )) {
      sizes.push(Users.length);
      for (const { UserName } of Users) names.add(UserName);
    }
    expect(sizes).toEqual([100, 100, 50]);
    expect(names.size).toBe(250);
    const few = await store().send(new ListUsersCommand({ IdentityStoreId, MaxResults: 3 }));
    expect(few.Users).toHaveLength(3);
    expect(few.NextToken).toBeTypeOf("string");
  });

  it("Users, groups and members have the members that AWS answers", async () => {
    const { Users } = await store().send(new ListUsersCommand({ IdentityStoreId, MaxResults: 4 }));
    expect(Users?.[0]).toEqual({
      IdentityStoreId,
      UserId: "user-0",
      UserName: "u0",
      DisplayName: "U 0",
      Emails: [{ Value: "u0@example.com", Type: "work", Primary: true }],
      UserStatus: "ENABLED",
    });
    expect(Users?.[3]).toMatchObject({ UserStatus: "DISABLED" });
    expect(Users?.[3]).not.toHaveProperty("Emails");
    const { Groups } = await store().send(new ListGroupsCommand({ IdentityStoreId }));
    expect(Groups).toEqual([{ IdentityStoreId, GroupId: "group-0", DisplayName: "All" }]);
    const { GroupMemberships, NextToken } = await store().send(
      new ListGroupMembershipsCommand({ IdentityStoreId, GroupId: "group-0", MaxResults: 1 }),
    );
    expect(GroupMemberships).toMatchObject([{ MemberId: { UserId: "user-0" } }]);
    expect(NextToken).toBeDefined();
    const { Instances } = await new SSOAdminClient(clientConfig(port.url, reader)).send(
      new ListInstancesCommand({}),
    );
    expect(Instances).toMatchObject([{ IdentityStoreId: "d-1", OwnerAccountId: ACCOUNT }]);
  });

  it.each<[string, () => Promise<unknown>, string]>([
    [
      "a store that does not exist",
      () => store().send(new ListUsersCommand({ IdentityStoreId: "d-2" })),
      "ResourceNotFoundException",
    ],
    [
      "a group that does not exist",
      () => store().send(new ListGroupMembershipsCommand({ IdentityStoreId, GroupId: "g" })),
      "ResourceNotFoundException",
    ],
    [
      "a page of more than 100",
      () => store().send(new ListUsersCommand({ IdentityStoreId, MaxResults: 101 })),
      "ValidationException",
    ],
    [
      "a page of none",
      () => store().send(new ListUsersCommand({ IdentityStoreId, MaxResults: 0 })),
      "ValidationException",
    ],
    [
      "a token of its own making",
      () => store().send(new ListUsersCommand({ IdentityStoreId, NextToken: "x" })),
      "ValidationException",
    ],
    [
      "a filter",
      () =>
        store().send(
          new ListUsersCommand({
            IdentityStoreId,
            Filters: [{ AttributePath: "UserName", AttributeValue: "u0" }],
          }),
        ),
      "ValidationException",
    ],
    [
      "groups, without the right",
      () => store(usersAlone).send(new ListGroupsCommand({ IdentityStoreId })),
      "AccessDeniedException",
    ],
    [
      "users, with the right on the store alone",
      () => store(storeAlone).send(new ListUsersCommand({ IdentityStoreId })),
      "AccessDeniedException",
    ],
    [
      "instances, without the right",
      () =>
        new SSOAdminClient(clientConfig(port.url, usersAlone)).send(new ListInstancesCommand({})),
      "AccessDeniedException",
    ],
  ])("%s: refused", async (_what, call, code) => {
    await expect(call()).rejects.toMatchObject({ name: code });
  });

  it("Users may be listed with the right on the store and on its users", async () => {
    const { Users } = await store(usersAlone).send(new ListUsersCommand({ IdentityStoreId }));
    expect(Users).toHaveLength(100);
  });

  it("An operation that is not emulated is refused by name", async () => {
    const { DescribeUserCommand } = await import("@aws-sdk/client-identitystore");
    await expect(
      store().send(new DescribeUserCommand({ IdentityStoreId, UserId: "user-0" })),
    ).rejects.toThrow(/DescribeUser/);
  });
});

it("The sandbox's directory has ids, names and groups that point at one another", () => {
  const { users, groups } = IDENTITY_CENTER;
  const ids = users.map(({ id: userId }) => userId);
  expect(new Set(ids).size).toBe(users.length);
  for (const userId of ids)
    expect(userId).toMatch(/^906701d9d2-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  for (const { members } of groups) expect(ids).toEqual(expect.arrayContaining([...members]));
});
