/**
 * Impersonation (`kubectl --as`): a user acts as another where they may `impersonate` them.
 * The new user has no IAM unique id, so access policies no longer apply to the request.
 * Source: k8s.io/apiserver `pkg/endpoints/filters/impersonation.go`.
 */
import type { IncomingHttpHeaders } from "node:http";
import { type Authority, authorize, denialText } from "./authorizer.ts";
import type { Attributes } from "./policy-rule.ts";
import { forbidden, StatusError } from "./status.ts";
import { AUTHENTICATED, type UserInfo } from "./user-info.ts";

const attributes = (resource: string, name: string, namespace = ""): Attributes => ({
  verb: "impersonate",
  resourceRequest: true,
  apiGroup: "",
  apiVersion: "v1",
  namespace,
  resource,
  subresource: "",
  name,
  path: "",
});

const SERVICE_ACCOUNT = /^system:serviceaccount:([^:]+):([^:]+)$/;

/** Values of a header that Node joins with commas. */
const values = (header: string | string[] | undefined): readonly string[] =>
  (Array.isArray(header) ? header : (header?.split(",") ?? []))
    .map((value) => value.trim())
    .filter((value) => value !== "");

/** The user to act as, or the user itself. Throws 403 where it may not, 400 for other headers. */
export function impersonated(
  authority: Authority,
  user: UserInfo,
  headers: IncomingHttpHeaders,
): UserInfo {
  const other = Object.keys(headers).find(
    (name) =>
      name.startsWith("impersonate-") &&
      name !== "impersonate-user" &&
      name !== "impersonate-group",
  );
  if (other !== undefined) {
    throw new StatusError(
      400,
      `the header ${other} is not emulated by the sandbox: nothing was done; impersonate by user and group alone`,
    );
  }
  const [username] = values(headers["impersonate-user"]);
  const groups = values(headers["impersonate-group"]);
  if (username === undefined) {
    if (groups.length === 0) return user;
    throw new StatusError(400, "requested groups without impersonating a user name");
  }
  const [, namespace, account] = SERVICE_ACCOUNT.exec(username) ?? [];
  const asked =
    namespace !== undefined && account !== undefined
      ? attributes("serviceaccounts", account, namespace)
      : attributes("users", username);
  for (const one of [asked, ...groups.map((group) => attributes("groups", group))]) {
    const decision = authorize(authority, user, one);
    if (!decision.allowed) throw forbidden(one, denialText(user, one));
  }
  const own =
    namespace === undefined
      ? []
      : ["system:serviceaccounts", `system:serviceaccounts:${namespace}`];
  return {
    username,
    uid: "",
    groups: [...new Set([...groups, ...own, AUTHENTICATED])],
    extra: {},
  };
}
