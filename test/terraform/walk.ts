/** The parts of a walk over a module's blocks that its steps share. */
import type { Drivers, Provider, Values } from "./drivers.ts";
import type { Block, Edit, ModuleSource } from "./hcl-module.ts";

/** A resource that is there, as a state file has it. */
export interface Instance {
  readonly type: string;
  /** The address of its block. */
  readonly block: string;
  readonly attributes: Values;
  readonly provider: Provider;
  /** Addresses of blocks that it was made after. */
  readonly after: readonly string[];
  /** `create_before_destroy`: it goes once what depends on it is changed. */
  readonly isMadeFirst: boolean;
}

/** By address, such as `module.hub.module.broker.aws_cloudformation_stack.this["Timelatch"]`. */
export type State = Map<string, Instance>;

export interface Asked {
  /** The folder of the root module. */
  readonly root: string;
  /** The folder of a module by its source, where that is no path. */
  readonly sources: Readonly<Record<string, string>>;
  readonly drivers: Drivers;
  /** Makes a mistake in the files. */
  readonly edit?: Edit;
  /** Names of calls that are carried out first, as far as references let them. Terraform does all at once. */
  readonly first?: readonly string[];
}

/** A walk over all blocks. */
export interface Walk extends Asked {
  readonly mode: "plan" | "apply";
  readonly state: State;
  /** Such as `create module.hub.…`, in their order. */
  readonly changes: string[];
  /** Addresses of the instances that the files have. */
  readonly wanted: Set<string>;
  /** Blocks that the files have, and whether they have `prevent_destroy`. */
  readonly guarded: Map<string, boolean>;
  /** Instances in whose place another one is already. */
  readonly replaced: (readonly [address: string, Instance])[];
}

/** The names that only one instance of a block has. */
export type Extra = Readonly<Record<string, unknown>>;

/** A value, and the addresses of the resource blocks that it comes from. */
export interface Found {
  readonly value: unknown;
  readonly after: ReadonlySet<string>;
}

/** One call of a module, as its resource blocks see it. */
export interface ModuleCall {
  readonly run: Walk;
  readonly source: ModuleSource;
  /** `module.hub.`; empty for the root. */
  readonly prefix: string;
  /** The value of every argument of a block that is no matter of Terraform's own. */
  argumentsOf(block: Block, after: Set<string>, extra?: Extra): Promise<Values>;
  /** @param after hears the resource blocks that the value comes from */
  valueOf(content: unknown, after: Set<string>, extra?: Extra): Promise<unknown>;
  /** Waits for everything that a block names, before any instance of it. */
  waitFor(block: Block, after: Set<string>): Promise<void>;
  /** The provider that a block names, or the default one. */
  provider(block: Block): Promise<Provider>;
}
