import type { Seen, SeenRequest } from "./seen.ts";

type Roles = Pick<Seen, "remadeRoles">;
type Request = Pick<SeenRequest["request"], "principalArn" | "outcome">;

/** Whether the role of a request had been deleted by then. @param until milliseconds since 1970 */
export const isOfRemadeRole = (
  { principalArn }: Pick<Request, "principalArn">,
  { remadeRoles }: Roles,
  until: number,
): boolean => remadeRoles.some((one) => one.principalArn === principalArn && one.at < until);

/**
 * Reasons to refuse a request. The role is gone or another one, or the entry belongs to the role
 * before.
 */
const REFUSALS: ReadonlySet<string> = new Set([
  "principal-gone",
  "principal-recreated",
  "entry-dead",
]);

/** Whether a request was refused since its role had been deleted. @param until milliseconds since 1970 */
export const isRefusedForRole = (request: Request, seen: Roles, until: number): boolean =>
  REFUSALS.has(request.outcome?.code ?? "") && isOfRemadeRole(request, seen, until);
