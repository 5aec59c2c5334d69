/** The users and groups of the sandbox's Identity Center. */
export interface IdentityDirectory {
  /** `d-…` */
  readonly storeId: string;
  readonly users: readonly DirectoryUser[];
  readonly groups: readonly DirectoryGroup[];
}

interface DirectoryUser {
  readonly id: string;
  readonly userName: string;
  readonly displayName: string;
  readonly email?: string;
  readonly isDisabled?: true;
}

interface DirectoryGroup {
  readonly id: string;
  readonly displayName: string;
  /** Ids of users. */
  readonly members: readonly string[];
}
