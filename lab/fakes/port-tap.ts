/** One place to watch or disturb every call of a port, for crash tests, simulation and bench. */

/** A call in progress: its name, its arguments, and a way to make it. */
export interface TappedCall {
  /** `requests.save`, `entries.associate` … */
  readonly site: string;
  readonly args: readonly unknown[];
  readonly apply: () => Promise<unknown>;
}

/** Replaces a call. It may make the call itself, or not. */
export type Tap = (call: TappedCall) => Promise<unknown>;

/** A method of a port. All of them are asynchronous. */
type Method = (...args: readonly unknown[]) => Promise<unknown>;

/**
 * The ports, with every call of the named ones passing through `tap`.
 *
 * @param names members whose methods are all asynchronous
 */
export function tapPorts<Ports extends object>(
  ports: Ports,
  names: readonly (keyof Ports & string)[],
  tap: Tap,
): Ports {
  const tapped: Partial<Ports> = {};
  // A spread of ports with an accessor takes several times as long, and each run makes its own.
  for (const name of Object.keys(ports) as (keyof Ports & string)[]) {
    const port = ports[name];
    tapped[name] = names.includes(name)
      ? (tapPort(name, port as object, tap) as typeof port)
      : port;
  }
  return tapped as Ports;
}

/** A port of one tap. Its members are those of its class. */
type Tapped = new (tap: Tap) => object;

/** By port and name: each run of a life taps the same ports again. */
const TAPPED = new WeakMap<object, Map<string, Tapped>>();

function tapPort(name: string, port: object, tap: Tap): object {
  const known = TAPPED.get(port) ?? new Map<string, Tapped>();
  TAPPED.set(port, known);
  const made = known.get(name) ?? tappedClass(name, port as Readonly<Record<string, unknown>>);
  known.set(name, made);
  return new made(tap);
}

/** A method is wrapped when it is asked for, since a run calls few of them. */
function tappedClass(name: string, port: Readonly<Record<string, unknown>>): Tapped {
  class TappedPort {
    readonly tap: Tap;
    constructor(tap: Tap) {
      this.tap = tap;
    }
  }
  for (const key of membersOf(port)) {
    const site = `${name}.${key}`;
    Object.defineProperty(TappedPort.prototype, key, {
      get(this: TappedPort): unknown {
        const apply = port[key];
        if (typeof apply !== "function") return apply;
        const { tap } = this;
        return (...args: readonly unknown[]) =>
          tap({ site, args, apply: () => (apply as Method)(...args) });
      },
    });
  }
  return TappedPort;
}

/** The names of a port's members, also of those that it inherits. */
function membersOf(port: object): ReadonlySet<string> {
  const names = new Set<string>();
  for (
    let part: object | null = port;
    part !== null && part !== Object.prototype;
    part = Object.getPrototypeOf(part)
  )
    for (const name of Object.getOwnPropertyNames(part))
      if (name !== "constructor") names.add(name);
  return names;
}

/** Something that happens at a call: once, unless it stays. */
export interface Hook {
  readonly site: string;
  /** If given: only calls for which this holds. */
  readonly matches?: ((args: readonly unknown[]) => boolean) | undefined;
  readonly when: "before" | "after";
  readonly act: (args: readonly unknown[]) => unknown;
  /** Whether it runs every time until it is removed; once by default. */
  readonly stays?: boolean;
}

/** Hooks by site. A hook that does not stay is used up by the first matching call. */
export class Hooks {
  #hooks: readonly Hook[] = [];
  readonly #seen: string[] = [];

  /** All calls that passed, in order. */
  get seen(): readonly string[] {
    return this.#seen;
  }

  /** @returns a function that removes the hook */
  add(hook: Hook): () => void {
    this.#hooks = [...this.#hooks, hook];
    return () => {
      this.#hooks = this.#hooks.filter((each) => each !== hook);
    };
  }

  /** Removes all hooks. */
  clear(): void {
    this.#hooks = [];
  }

  /** Runs the hooks of this call. A hook that throws makes the call fail. */
  readonly tap: Tap = async ({ site, args, apply }) => {
    this.#seen.push(site);
    await this.#run("before", site, args);
    const answer = await apply();
    await this.#run("after", site, args);
    return answer;
  };

  async #run(when: Hook["when"], site: string, args: readonly unknown[]): Promise<void> {
    const due = this.#hooks.filter(
      (hook) => hook.when === when && hook.site === site && (hook.matches?.(args) ?? true),
    );
    this.#hooks = this.#hooks.filter((hook) => hook.stays || !due.includes(hook));
    for (const { act } of due) await act(args);
  }
}

/** The ports of converge whose calls reach something outside. */
export const CONVERGE_PORTS = [
  "requests",
  "delegations",
  "bindings",
  "ledgers",
  "clusters",
  "circuits",
  "entries",
  "schedules",
  "evidence",
  "queue",
] as const;
