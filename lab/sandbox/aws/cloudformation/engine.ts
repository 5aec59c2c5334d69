/** What CloudFormation needs of the services whose resources a template declares. */
import type { Caller } from "../service.ts";
import type { StackInput, StackOutput, StackResource } from "./state.ts";

/** A stack that is to be made, changed or deleted. */
export interface StackOrder {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly id: string;
  readonly input: StackInput;
  /** What the stack has so far. */
  readonly before: readonly StackResource[];
  /** What that was made of; absent where it is made for the first time, or only started again. */
  readonly previous?: StackInput;
  /** As whom its resources are made. Absent: the sandbox itself, before anybody could ask. */
  readonly actor?: Caller;
}

export interface MadeResource {
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly isRetained: boolean;
  /** Whether it stays although the operation that made it is undone. `RetainExceptOnCreate` does not. */
  readonly isRetainedWhenNew?: boolean;
}

export interface MadeStack {
  readonly resources: readonly MadeResource[];
  readonly outputs: readonly StackOutput[];
}

export interface StackEngine {
  /**
   * Logical ids of the resources that a template has with these values: those whose condition holds.
   * @throws Error for conditions that are not emulated
   */
  present(order: StackOrder): readonly string[];
  /**
   * Brings a stack's resources into being, and takes away what it no longer has.
   * @throws ResourceFailure, or Error for the stack as a whole. What was done is undone by the caller.
   */
  deploy(order: StackOrder): Promise<MadeStack>;
  /** Takes a stack's resources away, but for those that are retained. @throws as `deploy` does */
  remove(order: StackOrder): Promise<void>;
}

/** Why one resource could not be made or deleted. */
export class ResourceFailure extends Error {
  override readonly name = "ResourceFailure";
  readonly logicalId: string;
  /** What the same operation had made before it, in that order. It is undone. */
  readonly made: readonly MadeResource[];
  constructor(logicalId: string, message: string, made: readonly MadeResource[] = []) {
    super(message);
    this.logicalId = logicalId;
    this.made = made;
  }
}
