/** The state of Parameter Store. */
export interface SsmState {
  /** By name, which begins with `/`. */
  parameters: Record<string, StoredParameter>;
}

export interface StoredParameter {
  readonly type: "String" | "SecureString";
  readonly value: string;
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
}

export const emptySsmState = (): SsmState => ({ parameters: {} });
