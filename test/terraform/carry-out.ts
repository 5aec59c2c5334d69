/**
 * Carries a Terraform module out, from nothing but the parsed files, with the parts of Terraform that it leans on: values that are
 * not known yet, the order of references, conditions, what is replaced, and what is deleted. It is no Terraform: it was
 * written from Terraform's documentation.
 */
import type { Drivers, Values } from "./drivers.ts";
import { readModule } from "./hcl-module.ts";
import { ModuleInstance } from "./module-instance.ts";
import type { Asked, Instance, State, Walk } from "./walk.ts";

export interface Applied {
  readonly changes: readonly string[];
  readonly outputs: Values;
}

/** The changes that an apply would make. It reads, and changes nothing. @throws Error as Terraform ends a plan */
export async function plan(asked: Asked, state: State): Promise<readonly string[]> {
  return (await planned(asked, state)).changes;
}

async function planned(asked: Asked, state: State): Promise<Walk> {
  await refresh(asked.drivers, state);
  await forget(asked, state);
  const copy = new Map(state);
  const run = await walk(asked, copy, "plan");
  await removeOrphans(run, run.wanted, [true, false]);
  return run;
}

/** Plans, and applies it. @throws Error; the state then has what was done */
export async function apply(asked: Asked, state: State): Promise<Applied> {
  const { wanted } = await planned(asked, state);
  const before: Walk = { ...newWalk(asked, state, "apply") };
  // Terraform deletes what the files no longer have before it changes what depended on it.
  await removeOrphans(before, wanted, [false]);
  const { outputs, ...run } = await walk(asked, state, "apply");
  await removeOrphans(run, wanted, [true]);
  for (const [address, instance] of run.replaced) await remove(run, address, instance);
  return { changes: [...before.changes, ...run.changes], outputs };
}

/**
 * Takes a stack that is in AWS into the state, as `terraform import <address> <name>@<region>` does.
 *
 * @param account of the role of the call's provider
 */
export async function importStack(
  { drivers }: Asked,
  state: State,
  [address, id]: readonly [address: string, id: string],
  account?: string,
): Promise<void> {
  const [name, region = ""] = id.split("@");
  const [block = ""] = address.split("[");
  const [type = ""] = /aws_\w+/.exec(block) ?? [];
  const provider = { account, region };
  const found = await drivers.resources[type]?.read({ name, region }, provider);
  if (!found) throw new Error(`Cannot import non-existent remote object: ${id}`);
  const attributes = { name, region, ...found };
  state.set(address, { type, block, attributes, provider, after: [], isMadeFirst: false });
}

const newWalk = (asked: Asked, state: State, mode: Walk["mode"]): Walk => ({
  ...asked,
  mode,
  state,
  changes: [],
  wanted: new Set(),
  guarded: new Map(),
  replaced: [],
});

async function walk(asked: Asked, state: State, mode: Walk["mode"]) {
  const run = newWalk(asked, state, mode);
  const root = new ModuleInstance(run, await readModule(asked.root, asked.edit));
  await root.carryOut();
  return { ...run, outputs: await root.allOutputs() };
}

/** Takes in what AWS has, and forgets what is gone. */
async function refresh(drivers: Drivers, state: State): Promise<void> {
  for (const [address, instance] of state) {
    const { attributes, provider, type } = instance;
    const now = await drivers.resources[type]?.read(attributes, provider);
    if (now === undefined) state.delete(address);
    else state.set(address, { ...instance, attributes: { ...attributes, ...now } });
  }
}

/** A call that a `removed` block names stays in AWS, and leaves the state. */
async function forget({ root, edit }: Asked, state: State): Promise<void> {
  for (const { from, lifecycle } of (await readModule(root, edit)).removed) {
    expectKept(lifecycle);
    const address = String(from).replace(/^\$\{(.*)\}$/, "$1");
    for (const one of state.keys()) if (one.startsWith(`${address}.`)) state.delete(one);
  }
}

/** Without it, Terraform destroys what it names. */
function expectKept(lifecycle: unknown): void {
  if (JSON.stringify(lifecycle) !== '[{"destroy":false}]')
    throw new Error("A removed block that destroys is not known here.");
}

/** A block goes after those that were made after it. */
async function removeOrphans(
  run: Walk,
  wanted: ReadonlySet<string>,
  madeFirst: readonly boolean[],
): Promise<void> {
  const orphans = [...run.state].filter(
    ([address, one]) => !wanted.has(address) && madeFirst.includes(one.isMadeFirst),
  );
  while (orphans.length > 0) {
    const free = orphans.findIndex(
      ([, { block }]) => !orphans.some(([, other]) => other.after.includes(block)),
    );
    const [next] = orphans.splice(Math.max(0, free), 1);
    if (!next) return;
    const [address, instance] = next;
    if (run.guarded.get(instance.block))
      throw new Error(`Instance cannot be destroyed: ${address}`);
    await remove(run, address, instance);
    run.state.delete(address);
  }
}

async function remove(run: Walk, address: string, instance: Instance): Promise<void> {
  run.changes.push(`delete ${address}`);
  if (run.mode === "apply")
    await run.drivers.resources[instance.type]?.remove(instance.attributes, instance.provider);
}
