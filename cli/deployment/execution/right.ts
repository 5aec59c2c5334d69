/** Something that a role may do, before it is one of many in a policy. */
export interface Right {
  readonly actions: readonly string[];
  /** ARNs, and patterns of them. */
  readonly resources: readonly string[];
  readonly condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}
