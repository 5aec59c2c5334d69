/** Users from a CSV export: RFC 4180, with a byte order mark or without, and with `,` or `;` between fields. */
import { csvRows } from "./csv-rows.ts";
import type { Directory, DirectoryUser } from "./directory-user.ts";
import { SyncRefusal } from "./sync-refusal.ts";

/** Headings without case, spaces and signs, by what their columns hold. */
const COLUMNS = {
  userId: ["userid", "id"],
  userName: ["username", "login"],
  email: ["email", "emails", "emailaddress", "primaryemail"],
  groups: ["groups", "group", "memberof"],
  status: ["status", "userstatus", "active", "enabled"],
} as const;

type Column = keyof typeof COLUMNS;

const NEEDED: readonly Column[] = ["userName", "email", "groups"];

/** With any other status, such as `SUSPENDED` or nothing, the user is not active. */
const ACTIVE: readonly string[] = ["enabled", "active", "true", "yes", "1"];

/** Within a field: several groups. */
const BETWEEN_GROUPS = /[|;\n]/;

/** @throws SyncRefusal for a text that is no such export */
export function csvUsers(text: string): Directory {
  const [headings, ...rows] = csvRows(text);
  const columns = columnsOf(headings?.fields ?? []);
  const users = rows.map(({ line, fields }): DirectoryUser => {
    if (fields.length !== headings?.fields.length)
      throw new SyncRefusal(
        `Line ${line} has ${fields.length} fields, and the heading has ${headings?.fields.length}.`,
        "export the users again. A field with the separator in it needs quotes.",
      );
    const field = (column: Column) => {
      const at = columns.get(column);
      return at === undefined ? undefined : (fields[at] ?? "").trim();
    };
    const status = field("status");
    const [userId, email] = [field("userId"), field("email")];
    return {
      ...(userId ? { userId } : {}),
      userName: field("userName") ?? "",
      ...(email ? { email } : {}),
      isActive: status === undefined || ACTIVE.includes(status.toLowerCase()),
      groups: (field("groups") ?? "")
        .split(BETWEEN_GROUPS)
        .map((group) => group.trim())
        .filter((group) => group !== ""),
    };
  });
  return { users, groups: [...new Set(users.flatMap(({ groups }) => groups))] };
}

function columnsOf(headings: readonly string[]): ReadonlyMap<Column, number> {
  const plain = headings.map((heading) => heading.toLowerCase().replace(/[^a-z]/g, ""));
  const columns = new Map(
    (Object.keys(COLUMNS) as Column[]).flatMap((column) => {
      const found = plain.flatMap((heading, at) =>
        (COLUMNS[column] as readonly string[]).includes(heading) ? [at] : [],
      );
      if (found.length > 1)
        throw new SyncRefusal(
          `Several columns could be ${column}: ${found.map((at) => headings[at]).join(", ")}.`,
          "leave only one of them in the file.",
        );
      return found.map((at) => [column, at] as const);
    }),
  );
  const missing = NEEDED.filter((column) => !columns.has(column));
  if (missing.length > 0)
    throw new SyncRefusal(
      `The first line has no heading ${missing.join(", ")}.`,
      "write the headings userName, email and groups, and where there are such userId and status.",
    );
  return columns;
}
