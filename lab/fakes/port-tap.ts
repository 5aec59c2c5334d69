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
  const tapped = { ...ports };
  for (const name of names)
    tapped[name] = tapPort(name, ports[name] as object, tap) as Ports[typeof name];
  return tapped;
}

/** A method is wrapped when it is asked for, since a run calls few of them. */
const tapPort = (name: string, port: object, tap: Tap): object =>
  new Proxy(port, {
    get(target, key) {
      const apply: unknown = Reflect.get(target, key);
      if (typeof apply !== "function") return apply;
      const site = `${name}.${String(key)}`;
      return (...args: readonly unknown[]) =>
        tap({ site, args, apply: () => (apply as Method)(...args) });
    },
  });

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
  "facts",
  "outside",
] as const;
