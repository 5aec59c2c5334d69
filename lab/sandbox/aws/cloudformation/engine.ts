/** The engine that makes a template's resources in their services. */
import type { Caller } from "../service.ts";
import type { StackInput, StackOutput, StackResource } from "./state.ts";

/** A stack that is to be made, changed or deleted. */
export interface StackOrder {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly id: string;
  readonly input: StackInput;
  /** The stack's resources so far. */
  readonly before: readonly StackResource[];
  /** The input that they were made from. Absent if the stack is new, or is only started again. */
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
   * Makes a stack's resources, and deletes those that its template no longer has.
   * @throws ResourceFailure, or Error for the stack as a whole. The caller undoes the finished
   * part.
   */
  deploy(order: StackOrder): Promise<MadeStack>;
  /** Takes a stack's resources away, but for those that are retained. @throws as `deploy` does */
  remove(order: StackOrder): Promise<void>;
}

/** Why one resource could not be made or deleted. */
export class ResourceFailure extends Error {
  override readonly name = "ResourceFailure";
  readonly logicalId: string;
  /** The resources that the same operation had made before, in that order. They are undone. */
  readonly made: readonly MadeResource[];
  constructor(logicalId: string, message: string, made: readonly MadeResource[] = []) {
    super(message);
    this.logicalId = logicalId;
    this.made = made;
  }
}
