/** The operations of a provider on the resources of a module. */

export type Values = Readonly<Record<string, unknown>>;

/** A configuration of the provider. */
export interface Provider {
  readonly region: string;
  /** The account of the role that it assumes; undefined for the caller's own credentials. */
  readonly account: string | undefined;
}

export interface Driver {
  /** Arguments of which another value makes another resource. */
  readonly replacedBy: readonly string[];
  /** Attributes that AWS says, beside the arguments. */
  readonly computed: readonly string[];
  /** Undefined where it is gone. */
  read(attributes: Values, provider: Provider): Promise<Values | undefined>;
  create(given: Values, provider: Provider): Promise<Values>;
  update(given: Values, before: Values, provider: Provider): Promise<Values>;
  remove(attributes: Values, provider: Provider): Promise<void>;
}

export interface Drivers {
  readonly resources: Readonly<Record<string, Driver>>;
  readonly data: Readonly<Record<string, (given: Values, provider: Provider) => Promise<Values>>>;
}
