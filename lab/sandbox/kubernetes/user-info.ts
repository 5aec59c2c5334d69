/**
 * The sender of a request, as the authenticator reports them to the API server
 * (authentication.k8s.io/v1).
 */
export interface UserInfo {
  readonly username: string;
  /** `aws-iam-authenticator:<account>:<unique id>`; empty for an impersonated user. */
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/** The key of `extra` that holds the IAM unique id (`AROA…`), which access policies bind to. */
export const PRINCIPAL_ID = "principalId";

/** The group of everybody who is somebody. */
export const AUTHENTICATED = "system:authenticated";

/** Without empty members, as the API server writes it. */
export function userInfoJson(user: UserInfo): Record<string, unknown> {
  return {
    username: user.username,
    ...(user.uid === "" ? {} : { uid: user.uid }),
    ...(user.groups.length === 0 ? {} : { groups: user.groups }),
    ...(Object.keys(user.extra).length === 0 ? {} : { extra: user.extra }),
  };
}
