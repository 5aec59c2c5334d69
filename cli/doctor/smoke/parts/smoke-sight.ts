/** A smoke test's view of EKS: the access entry of one principal on one cluster. */
export interface SmokeSight {
  /** Undefined if it does not exist. @throws Unread */
  entry(clusterArn: string, principalArn: string): Promise<EntrySight | undefined>;
}

export interface EntrySight {
  /** Whether it has the tag of Timelatch's own entries. */
  readonly isOurs: boolean;
  readonly policies: readonly {
    /** Its name, such as `AmazonEKSViewPolicy`. */
    readonly name: string;
    /** Null for the whole cluster. */
    readonly namespaces: readonly string[] | null;
  }[];
}
