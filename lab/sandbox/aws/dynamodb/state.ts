/** The state of a table that DynamoDB Local does not keep. */
export interface TableState {
  tags: Record<string, string>;
  /** Absent where point-in-time recovery is off. */
  recovery?: Recovery;
  /** Set for a table that was restored. */
  restored?: Restored;
  /** Set for a table that a call made, and no stack. */
  made?: {
    /** When it becomes `ACTIVE`, milliseconds since 1970. */
    readonly readyAt: number;
  };
}

export interface Recovery {
  /** When it was switched on, milliseconds since 1970. */
  readonly since: number;
  /** How many days back the table can be restored, as AWS counts them: 1 to 35. */
  readonly days: number;
  /**
   * The positions of the table's stream in the engine at the beginning of seconds with a write, in
   * the order of time.
   */
  marks: Mark[];
}

interface Mark {
  /** Seconds since 1970. */
  readonly second: number;
  /** The lowest sequence number that a change could have from then on. */
  readonly next: string;
}

interface Restored {
  readonly sourceArn: string;
  /** The instant whose items it has, seconds since 1970. */
  readonly at: number;
  /** When it becomes `ACTIVE`, milliseconds since 1970. */
  readonly readyAt: number;
}

/** By the table's name. A table that is not here has no tags and no recovery. */
export interface DynamoDbState {
  tables: Record<string, TableState>;
}

export const emptyDynamoDbState = (): DynamoDbState => ({ tables: {} });
