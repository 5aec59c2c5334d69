/**
 * Users and groups from SCIM 2.0 list responses, as Identity Center's own endpoint gives them.
 * https://www.rfc-editor.org/rfc/rfc7643 https://www.rfc-editor.org/rfc/rfc7644#section-3.4.2
 */
import * as z from "zod/mini";
import { UserId } from "../../policy-file/people/person-file.ts";
import type { Directory, DirectoryUser } from "./directory-user.ts";
import { SyncRefusal } from "./sync-refusal.ts";

const Reference = z.object({ value: z.optional(z.string()), display: z.optional(z.string()) });

/** Entra writes `"True"`. */
const Active = z.union([z.boolean(), z.string()]);

const Resource = z.object({
  id: z.optional(z.string()),
  userName: z.optional(z.string()),
  displayName: z.optional(z.string()),
  active: z.optional(Active),
  emails: z.optional(
    z.array(z.object({ value: z.optional(z.string()), primary: z.optional(Active) })),
  ),
  groups: z.optional(z.array(Reference)),
  members: z.optional(z.array(Reference)),
  schemas: z.optional(z.array(z.string())),
});
type Resource = z.output<typeof Resource>;

const ListResponse = z.object({ totalResults: z.number(), Resources: z.array(Resource) });
type ListResponse = z.output<typeof ListResponse>;

const GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group";

/** @param texts pages of users, and of groups where the users do not name theirs. @throws SyncRefusal */
export function scimUsers(texts: readonly string[]): Directory {
  const pages = texts.map(pageOf);
  refuseMissing(pages);
  const resources = pages.flatMap(({ Resources }) => Resources);
  const groups = resources.filter(isGroup);
  const users = resources.filter((one) => !isGroup(one));
  const shown = ({ displayName = "" }: Resource) => displayName;
  const byMember = new Map<string, string[]>();
  for (const group of groups)
    for (const { value = "" } of group.members ?? [])
      byMember.set(value, [...(byMember.get(value) ?? []), shown(group)]);
  return {
    users: users.map((user) => userOf(user, byMember.get(user.id ?? "") ?? [])),
    groups: [...new Set([...groups.map(shown), ...users.flatMap(ownGroups)])],
  };
}

function userOf(user: Resource, groups: readonly string[]): DirectoryUser {
  const { id, userName = "", active = true, emails = [] } = user;
  const email = (emails.find(({ primary }) => isTrue(primary)) ?? emails[0])?.value;
  return {
    // Sessions of Identity Center have no ids of other directories.
    ...(id !== undefined && UserId.safeParse(id).success ? { userId: id } : {}),
    userName,
    ...(email ? { email } : {}),
    isActive: isTrue(active),
    groups: [...groups, ...ownGroups(user)],
  };
}

const ownGroups = ({ groups = [] }: Resource): readonly string[] =>
  groups.flatMap(({ display }) => display ?? []);

const isTrue = (value: boolean | string | undefined) => String(value).toLowerCase() === "true";

function pageOf(text: string): ListResponse {
  const page = ListResponse.safeParse(parsed(text.replace(/^\uFEFF/, "")));
  if (page.success) return page.data;
  const [issue] = page.error.issues;
  throw new SyncRefusal(
    `It is no list response of SCIM: ${issue?.path.join(".") || "the whole"}: ${issue?.message}.`,
    "save what GET /Users and GET /Groups answer, each page in a file.",
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SyncRefusal("It is not JSON.", "save what GET /Users answers, as it is.");
  }
}

const isGroup = ({ schemas, userName }: Resource): boolean =>
  userName === undefined && (schemas ?? []).includes(GROUP);

/** A list of which pages are missing would remove people. @throws SyncRefusal */
function refuseMissing(pages: readonly ListResponse[]): void {
  const kinds = Map.groupBy(pages, ({ Resources }) =>
    Resources.length > 0 && Resources.every(isGroup)
      ? "groups"
      : Resources.some(isGroup)
        ? "both"
        : "users",
  );
  for (const [, ofKind] of kinds) {
    const total = Math.max(...ofKind.map(({ totalResults }) => totalResults));
    const found = ofKind.reduce((sum, { Resources }) => sum + Resources.length, 0);
    if (found < total)
      throw new SyncRefusal(
        `The lists hold ${found} of ${total} entries.`,
        "save the other pages too (startIndex), and name each file: --from-scim <file> --from-scim <file>.",
      );
  }
}
