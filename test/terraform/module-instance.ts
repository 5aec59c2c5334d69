/** One call of a module: its blocks have values in its own names, each once. */
import path from "node:path";
import type { Provider, Values } from "./drivers.ts";
import { evaluate, expressionIn, type Scope } from "./hcl-expression.ts";
import { UNKNOWN } from "./hcl-functions.ts";
import { type Block, type ModuleSource, readModule, referencesOf } from "./hcl-module.ts";
import { carryOutResource } from "./resource-blocks.ts";
import type { Extra, Found, ModuleCall, Walk } from "./walk.ts";

interface Call {
  readonly parent: ModuleInstance;
  readonly block: Block;
  /** `module.hub.` */
  readonly prefix: string;
}

/** Arguments of a block that Terraform itself reads. */
const META = ["for_each", "lifecycle", "provider", "depends_on"];
/** Arguments of a call that are no variables. */
const OF_CALL = [...META, "source", "version", "providers"];

export class ModuleInstance implements ModuleCall {
  readonly run: Walk;
  readonly source: ModuleSource;
  readonly prefix: string;
  readonly #call: Call | undefined;
  readonly #found = new Map<string, Promise<Found>>();
  readonly #children = new Map<string, Promise<ModuleInstance>>();

  constructor(run: Walk, source: ModuleSource, call?: Call) {
    this.run = run;
    this.source = source;
    this.prefix = call?.prefix ?? "";
    this.#call = call;
  }

  /** Carries every block out. Only references keep an order. */
  async carryOut(): Promise<void> {
    const { first = [] } = this.run;
    const isLater = (name: string) => Number(!first.includes(name));
    const names = Object.keys(this.source.modules).toSorted((a, b) => isLater(a) - isLater(b));
    for (const name of names) await (await this.#child(name)).carryOut();
    for (const name of Object.keys(this.source.resources).reverse())
      await this.#find(`resource.${name}`);
    for (const name of Object.keys(this.source.data)) await this.#find(`data.${name}`);
    for (const name of Object.keys(this.source.variables)) await this.#find(`var.${name}`);
    await this.allOutputs();
  }

  async allOutputs(): Promise<Values> {
    const outputs: Record<string, unknown> = {};
    for (const name of Object.keys(this.source.outputs))
      outputs[name] = (await this.#find(`output.${name}`)).value;
    return outputs;
  }

  /** The value of every argument of a block that is no matter of Terraform's own. */
  async argumentsOf(block: Block, after: Set<string>, extra: Extra = {}): Promise<Values> {
    const values: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(block))
      if (!META.includes(name)) values[name] = await this.valueOf(value, after, extra);
    return values;
  }

  /** @param after hears the resource blocks that the value comes from */
  async valueOf(content: unknown, after: Set<string>, extra: Extra = {}): Promise<unknown> {
    if (Array.isArray(content))
      return Promise.all(content.map((one) => this.valueOf(one, after, extra)));
    if (typeof content === "object" && content !== null)
      return Object.fromEntries(
        await Promise.all(
          Object.entries(content).map(async ([key, one]) => [
            String(await this.valueOf(key, after, extra)),
            await this.valueOf(one, after, extra),
          ]),
        ),
      );
    if (typeof content !== "string" || !content.includes("${")) return content;
    return evaluate(await expressionIn(content), this.#scope(after, extra));
  }

  /** Waits for everything that a block names, before any instance of it. */
  async waitFor(block: Block, after: Set<string>): Promise<void> {
    const scope = this.#scope(after, { each: UNKNOWN, self: UNKNOWN });
    for (const names of await referencesOf(block)) {
      const isProvider = names[0] === "aws";
      if (!isProvider && !(await scope.lookUp(names)))
        throw new Error(`Reference to undeclared ${names.join(".")}`);
    }
  }

  /** The provider that a block names, or the default one. */
  async provider(block: Block): Promise<Provider> {
    return this.#providerNamed(nameOfProvider(block["provider"]));
  }

  async #providerNamed(name: string): Promise<Provider> {
    if (this.#call) {
      const { parent, block } = this.#call;
      const given = (block["providers"] ?? {}) as Readonly<Record<string, string>>;
      return parent.#providerNamed(nameOfProvider(given[name] ?? name));
    }
    for (const block of this.source.providers) {
      const { alias, region, assume_role: roles } = await this.argumentsOf(block, new Set());
      const [role] = (roles ?? []) as readonly { readonly role_arn: string }[];
      if ((alias === undefined ? "aws" : `aws.${alias}`) === name)
        return { region: String(region), account: role?.role_arn.split(":")[4] };
    }
    throw new Error(`Provider configuration not present: ${name}`);
  }

  #scope(after: Set<string>, extra: Extra): Scope {
    const foundAs = async (key: string, used: number) => {
      const { value, after: more } = await this.#find(key);
      for (const one of more) after.add(one);
      return { value, used };
    };
    return {
      lookUp: async ([kind = "", name = "", third = "", fourth = ""]) => {
        if (Object.hasOwn(extra, kind)) return { value: extra[kind], used: 1 };
        if (kind === "path") return { value: this.source.folder, used: 2 };
        if (kind === "var" && Object.hasOwn(this.source.variables, name))
          return foundAs(`var.${name}`, 2);
        if (kind === "local" && Object.hasOwn(this.source.locals, name))
          return foundAs(`local.${name}`, 2);
        if (kind === "data" && Object.hasOwn(this.source.data, `${name}.${third}`))
          return foundAs(`data.${name}.${third}`, 3);
        if (Object.hasOwn(this.source.resources, `${kind}.${name}`))
          return foundAs(`resource.${kind}.${name}`, 2);
        if (kind !== "module" || !Object.hasOwn(this.source.modules, name)) return undefined;
        const child = await this.#child(name);
        if (!Object.hasOwn(child.source.outputs, third)) return undefined;
        const { value, after: more } = await child.#find(`output.${third}`);
        for (const one of more) after.add(one);
        return { value, used: fourth === undefined ? 2 : 3 };
      },
    };
  }

  #child(name: string): Promise<ModuleInstance> {
    const made = this.#children.get(name) ?? this.#newChild(name);
    this.#children.set(name, made);
    return made;
  }

  async #newChild(name: string): Promise<ModuleInstance> {
    const block = this.source.modules[name] ?? {};
    const source = String(block["source"]);
    const { sources, edit } = this.run;
    const folder = sources[source] ?? path.join(this.source.folder, source);
    const module = await readModule(folder, edit);
    for (const given of Object.keys(block))
      if (!OF_CALL.includes(given) && !Object.hasOwn(module.variables, given))
        throw new Error(`Unsupported argument: ${given} of module ${name}`);
    return new ModuleInstance(this.run, module, {
      parent: this,
      block,
      prefix: `${this.prefix}module.${name}.`,
    });
  }

  #find(key: string): Promise<Found> {
    const found = this.#found.get(key) ?? this.#make(key);
    this.#found.set(key, found);
    return found;
  }

  async #make(key: string): Promise<Found> {
    const [kind = "", ...rest] = key.split(".");
    const name = rest.join(".");
    const after = new Set<string>();
    const { locals, outputs } = this.source;
    if (kind === "local") return { value: await this.valueOf(locals[name], after), after };
    if (kind === "output")
      return { value: await this.valueOf(outputs[name]?.["value"], after), after };
    if (kind === "var") return { value: await this.#variable(name, after), after };
    return carryOutResource(this, kind, name);
  }

  async #variable(name: string, after: Set<string>): Promise<unknown> {
    const declared = this.source.variables[name] ?? {};
    const given = this.#call?.block[name];
    const value =
      given === undefined ? declared["default"] : await this.#call?.parent.valueOf(given, after);
    if (value === undefined) throw new Error(`No value for required variable ${name}`);
    for (const { condition, error_message: message } of (declared["validation"] ?? []) as Block[]) {
      const named = { var: { [name]: value } };
      if ((await this.valueOf(condition, after, named)) === false) throw new Error(String(message));
    }
    return value;
  }
}

/** `${aws.spoke}` */
const nameOfProvider = (given: unknown): string =>
  typeof given === "string" ? given.replace(/^\$\{(.*)\}$/, "$1") : "aws";
