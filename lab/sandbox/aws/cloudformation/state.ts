/** The state of CloudFormation: the stacks of every account. Instants are ISO 8601 UTC. */

export interface StackResource {
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  /** `CREATE_COMPLETE` */
  readonly status: string;
  readonly at: string;
  /** Stays when the stack no longer has it, since its policies say so. */
  readonly isRetained: boolean;
}

export interface StackEvent {
  readonly id: string;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly at: string;
}

export interface StackOutput {
  readonly key: string;
  readonly value: string;
  readonly description?: string;
  readonly exportName?: string;
}

export interface StackParameter {
  readonly value: string;
  /** Parameter Store's value under that name, for a parameter of such a type. */
  readonly resolved?: string;
}

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** The input of a stack, as an operator gives it. */
export interface StackInput {
  /** The template's text. */
  readonly template: string;
  readonly parameters: Readonly<Record<string, StackParameter>>;
  readonly capabilities: readonly string[];
  readonly tags: readonly Tag[];
  /** The role that makes the resources; absent: the deployer's. */
  readonly roleArn?: string;
  /** Folders with code that never was in S3, by its key there: what the sandbox itself deploys. */
  readonly localCode?: Readonly<Record<string, string>>;
}

export interface ChangeSetState {
  readonly id: string;
  readonly name: string;
  readonly kind: "CREATE" | "UPDATE";
  readonly description?: string;
  readonly createdAt: string;
  readonly input: StackInput;
  readonly changes: readonly ResourceChange[];
  status: "CREATE_COMPLETE" | "FAILED";
  execution: "AVAILABLE" | "UNAVAILABLE" | "EXECUTE_COMPLETE" | "EXECUTE_FAILED";
  readonly reason?: string;
}

export interface ResourceChange {
  readonly action: "Add" | "Modify" | "Remove";
  readonly logicalId: string;
  readonly physicalId?: string;
  readonly type: string;
}

export interface StackState {
  readonly id: string;
  readonly name: string;
  /** Twelve digits. */
  readonly account: string;
  status: string;
  statusReason?: string;
  readonly createdAt: string;
  updatedAt?: string;
  deletedAt?: string;
  isProtected: boolean;
  /** The last input that it was made from; undefined before that. */
  input?: StackInput;
  outputs: readonly StackOutput[];
  resources: readonly StackResource[];
  /** The oldest first. */
  events: StackEvent[];
  changeSets: ChangeSetState[];
}

/** The result of an operation in one account and region. */
export interface StackSetResult {
  readonly account: string;
  readonly region: string;
  readonly status: "SUCCEEDED" | "FAILED" | "CANCELLED";
  readonly reason?: string;
  /** The result of the account's gate; absent if it was never asked. */
  readonly gate?: { readonly status: "FAILED" | "SKIPPED"; readonly reason: string };
}

export interface StackSetOperationState {
  readonly id: string;
  readonly action: "CREATE" | "UPDATE" | "DELETE";
  status: "RUNNING" | "SUCCEEDED" | "FAILED";
  readonly createdAt: string;
  endedAt?: string;
  /** Set for a deletion. */
  readonly retainsStacks?: boolean;
  results: readonly StackSetResult[];
}

export interface StackInstanceState {
  readonly account: string;
  readonly region: string;
  /** The latest stack; undefined until there was one. */
  stackId?: string;
  status: "CURRENT" | "OUTDATED" | "INOPERABLE";
  detailedStatus: "PENDING" | "SUCCEEDED" | "FAILED" | "CANCELLED" | "INOPERABLE";
  reason?: string;
  lastOperationId: string;
}

export interface StackSetState {
  /** Its name and a UUID: `Roles:9cc76b74-…` */
  readonly id: string;
  readonly name: string;
  /** The administrator account: twelve digits. */
  readonly account: string;
  readonly region: string;
  /** The token of the call that made it. */
  readonly token?: string;
  status: "ACTIVE" | "DELETED";
  description?: string;
  /** The input of each of its stacks. */
  input: StackInput;
  instances: readonly StackInstanceState[];
  /** The oldest first. */
  operations: StackSetOperationState[];
}

export interface CloudFormationState {
  /** In the order of their creation; deleted ones stay, as AWS shows them for 90 days. */
  stacks: StackState[];
  /** In the order of their creation; deleted ones stay. Absent in states of former versions. */
  stackSets?: StackSetState[];
}

export const emptyCloudFormationState = (): CloudFormationState => ({ stacks: [] });

const NOT_MADE = [
  ...["REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED"],
  // A stack that could not be deleted keeps hardly any of its resources.
  ...["DELETE_COMPLETE", "DELETE_FAILED"],
];

/** Whether a stack's resources exist. */
export const isMade = ({ status }: StackState): boolean => !NOT_MADE.includes(status);
