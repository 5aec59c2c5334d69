/** The people whom a service outside knows, page by page, for whoever matches them with those of `access.yaml`. */
import { isId, type Json, listIn, memberOf } from "../json-answer.ts";
import { NoAnswer } from "../no-answer.ts";
import { bodyOf, type OutsideAnswer, type OutsideClient } from "../outside-client.ts";

/** Somebody whom a service knows. */
export interface ServiceUser {
  /** The service's own id. */
  readonly id: string;
  /** Undefined where the service hides it. */
  readonly email: string | undefined;
}

/** Reads everyone. @throws NoAnswer where the list is not whole */
type ReadUsers = (client: OutsideClient) => Promise<readonly ServiceUser[]>;

/** One page, and where the next one begins; undefined at the end. */
interface Page {
  readonly users: readonly Json[];
  readonly next: string | undefined;
}

const PAGE = 100;
/** Ten thousand people. Half a list would make somebody with two accounts look like one with one. */
const MOST_PAGES = 100;

async function everyone(
  pageAt: (from: string) => Promise<Page>,
  first: string,
): Promise<readonly Json[]> {
  const all: Json[] = [];
  let from: string | undefined = first;
  for (let page = 0; from !== undefined; page += 1) {
    if (page >= MOST_PAGES) throw new NoAnswer("too-large");
    const { users, next }: Page = await pageAt(from);
    all.push(...users);
    if (next !== undefined && next === from) throw new NoAnswer("odd");
    from = next;
  }
  return all;
}

const after = (from: string, users: readonly Json[], isMore: boolean): string | undefined =>
  isMore && users.length > 0 ? String(Number(from) + users.length) : undefined;

/** https://developer.pagerduty.com/api-reference/c96e889522dd6-list-users */
export const pagerdutyUsers: ReadUsers = async (client) => {
  const users = await everyone(async (offset) => {
    const body = bodyOf(
      await client.get("/users", [
        ["limit", String(PAGE)],
        ["offset", offset],
      ]),
    );
    const found = listIn(body, "users");
    return { users: found, next: after(offset, found, memberOf(body, "more") === true) };
  }, "0");
  return users.map((user) => userIn(user, "id", "email"));
};

/** https://docs.incident.io/api-reference/users-v2/list */
export const incidentIoUsers: ReadUsers = async (client) => {
  const users = await everyone(async (cursor) => {
    const body = bodyOf(
      await client.get("/v2/users", [
        ["page_size", String(PAGE)],
        ...(cursor === "" ? [] : [["after", cursor] as [string, string]]),
      ]),
    );
    const next = memberOf(memberOf(body, "pagination_meta"), "after");
    return {
      users: listIn(body, "users"),
      next: typeof next === "string" && next !== "" ? next : undefined,
    };
  }, "");
  return users.map((user) => userIn(user, "id", "email"));
};

/**
 * Most e-mail addresses are hidden there: whoever has such an account decides.
 * https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-users/#api-rest-api-3-users-search-get
 */
export const jiraUsers: ReadUsers = async (client) => {
  const users = await everyone(async (startAt) => {
    const answer = await client.get("/rest/api/3/users/search", [
      ["startAt", startAt],
      ["maxResults", String(PAGE)],
    ]);
    const body = bodyOf(loggedIn(answer));
    if (!Array.isArray(body)) throw new NoAnswer("odd");
    // It says nothing of a next page, and may leave people out of one: only an empty one is the last.
    const next = body.length === 0 ? undefined : String(Number(startAt) + PAGE);
    return { users: body as readonly Json[], next };
  }, "0");
  return users
    .filter(
      (user) => memberOf(user, "accountType") === "atlassian" && memberOf(user, "active") === true,
    )
    .map((user) => userIn(user, "accountId", "emailAddress"));
};

function loggedIn(answer: OutsideAnswer): OutsideAnswer {
  const reason = answer.headers.get("x-seraph-loginreason");
  if (reason !== null && reason !== "OK") throw new NoAnswer("token-refused");
  return answer;
}

/** https://www.servicenow.com/docs/r/api-reference/rest-apis/c_TableAPI.html */
export const serviceNowUsers: ReadUsers = async (client) => {
  const users = await everyone(async (offset) => {
    const body = bodyOf(
      await client.get("/api/now/table/sys_user", [
        ["sysparm_fields", "sys_id,email,active"],
        ["sysparm_query", "ORDERBYsys_id"],
        ["sysparm_limit", String(PAGE)],
        ["sysparm_offset", offset],
      ]),
    );
    const found = listIn(body, "result");
    return { users: found, next: after(offset, found, found.length === PAGE) };
  }, "0");
  return users
    .filter((user) => memberOf(user, "active") === "true")
    .map((user) => userIn(user, "sys_id", "email"));
};

function userIn(user: Json, idName: string, emailName: string): ServiceUser {
  const [id, email] = [memberOf(user, idName), memberOf(user, emailName)];
  if (!isId(id)) throw new NoAnswer("odd");
  return { id, email: typeof email === "string" && email !== "" ? email : undefined };
}
