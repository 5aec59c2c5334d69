import {
  AwsError,
  type Call,
  type Operation,
  type PermissionCheck,
  type Service,
} from "../service.ts";
import type { IdentityDirectory } from "./directory.ts";
import { pageOf } from "./page.ts";

interface IdentityStoreContext {
  readonly directory: IdentityDirectory;
  readonly account: string;
}

/** The answer of a list, once it is known that the store is the caller's. */
type List = (input: Call["input"]) => object;

/**
 * Identity Store over AWS JSON 1.1: only `ListUsers`, `ListGroups` and `ListGroupMemberships`.
 * Lists are in no promised order.
 */
export function identityStoreService(context: IdentityStoreContext): Service {
  const { directory, account } = context;
  const store = `arn:aws:identitystore::${account}:identitystore/${directory.storeId}`;
  const operation = (name: string, resources: PermissionsOf, list: List): Operation => ({
    permissions: (input) =>
      [store, ...resources(input)].map(
        (resource): PermissionCheck => ({ action: `identitystore:${name}`, resource }),
      ),
    run: ({ input }) => {
      if (input["IdentityStoreId"] !== directory.storeId) throw notFound("IDENTITY_STORE");
      return list(input);
    },
  });
  return {
    name: "identitystore",
    protocol: {
      kind: "json",
      version: "1.1",
      targetPrefixes: ["AWSIdentityStore."],
      queryError: false,
      errorNamespace: "com.amazonaws.identitystore#",
    },
    operations: {
      ListUsers: operation("ListUsers", every("user"), (input) => listUsers(directory, input)),
      ListGroups: operation("ListGroups", every("group"), (input) => listGroups(directory, input)),
      ListGroupMemberships: operation(
        "ListGroupMemberships",
        ({ GroupId }) => [`arn:aws:identitystore:::group/${GroupId}`, ...every("membership")()],
        (input) => listMemberships(directory, input),
      ),
    },
  };
}

type PermissionsOf = (input: Call["input"]) => readonly string[];

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentitystore.html */
const every = (kind: string) => () => [`arn:aws:identitystore:::${kind}/*`];

function listUsers({ storeId, users }: IdentityDirectory, input: Call["input"]): object {
  const { items, ...rest } = pageOf(users, input, ["IdentityStoreId"]);
  return {
    ...rest,
    Users: items.map(({ id, userName, displayName, email, isDisabled }) => ({
      IdentityStoreId: storeId,
      UserId: id,
      UserName: userName,
      DisplayName: displayName,
      ...(email === undefined ? {} : { Emails: [{ Value: email, Type: "work", Primary: true }] }),
      UserStatus: isDisabled ? "DISABLED" : "ENABLED",
    })),
  };
}

function listGroups({ storeId, groups }: IdentityDirectory, input: Call["input"]): object {
  const { items, ...rest } = pageOf(groups, input, ["IdentityStoreId"]);
  return {
    ...rest,
    Groups: items.map(({ id, displayName }) => ({
      IdentityStoreId: storeId,
      GroupId: id,
      DisplayName: displayName,
    })),
  };
}

function listMemberships({ storeId, groups }: IdentityDirectory, input: Call["input"]): object {
  const group = groups.find(({ id }) => id === input["GroupId"]);
  if (!group) throw notFound("GROUP");
  const { items, ...rest } = pageOf(group.members, input, ["IdentityStoreId", "GroupId"]);
  return {
    ...rest,
    GroupMemberships: items.map((userId) => ({
      IdentityStoreId: storeId,
      GroupId: group.id,
      MemberId: { UserId: userId },
      MembershipId: `membership-${group.id}-${userId}`,
    })),
  };
}

const notFound = (kind: string) =>
  new AwsError("ResourceNotFoundException", 400, `${kind} not found.`, { ResourceType: kind });
