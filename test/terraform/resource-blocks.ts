/** The instances of a resource or data block: conditions, plan, change, and what others see of them. */
import type { Provider, Values } from "./drivers.ts";
import { UNKNOWN } from "./hcl-functions.ts";
import type { Block } from "./hcl-module.ts";
import type { Extra, Found, Instance, ModuleCall } from "./walk.ts";

/** The parts that all instances of a block share. */
interface Shared {
  readonly module: ModuleCall;
  readonly block: Block;
  readonly type: string;
  readonly address: string;
  readonly provider: Provider;
  readonly after: ReadonlySet<string>;
}

/** @param kind `resource` or `data` @param name with its type */
export async function carryOutResource(
  module: ModuleCall,
  kind: string,
  name: string,
): Promise<Found> {
  const block = (kind === "data" ? module.source.data : module.source.resources)[name] ?? {};
  const after = new Set<string>();
  await module.waitFor(block, after);
  const [type = ""] = name.split(".");
  const address = `${module.prefix}${kind === "data" ? "data." : ""}${name}`;
  const provider = await module.provider(block);
  const shared = { module, block, type, address, provider, after };
  const { prevent_destroy: isGuarded } = lifecycleOf(block);
  if (kind !== "data") module.run.guarded.set(address, isGuarded === true);
  const made = kind === "data" ? readData : carryOutInstance;
  const found = new Set([...after, ...(kind === "data" ? [] : [address])]);
  if (block["for_each"] === undefined) return { value: await made(shared, "", {}), after: found };
  const each = await module.valueOf(block["for_each"], new Set());
  if (each === UNKNOWN) throw new Error(`Invalid for_each argument: ${address} is not known`);
  const values: Record<string, unknown> = {};
  const entries = Array.isArray(each)
    ? each.map((one) => [one, one])
    : Object.entries(each as object);
  for (const [key, value] of entries.toReversed())
    values[key] = await made(shared, `["${key}"]`, { each: { key, value } });
  return { value: values, after: found };
}

interface Lifecycle {
  readonly prevent_destroy?: boolean;
  readonly create_before_destroy?: boolean;
  readonly precondition?: readonly Block[];
  readonly postcondition?: readonly Block[];
}

const lifecycleOf = (block: Block): Lifecycle =>
  ((block["lifecycle"] as readonly Lifecycle[] | undefined) ?? [])[0] ?? {};

/** @throws Error with the message of a condition that is known not to hold */
async function demand(
  { module, block, address }: Shared,
  when: "precondition" | "postcondition",
  extra: Extra,
): Promise<void> {
  for (const { condition, error_message: message } of lifecycleOf(block)[when] ?? [])
    if ((await module.valueOf(condition, new Set(), extra)) === false)
      throw new Error(
        `Resource ${when} failed: ${address}: ${String(await module.valueOf(message, new Set(), extra))}`,
      );
}

const isKnown = (value: unknown): boolean =>
  value !== UNKNOWN &&
  (typeof value !== "object" || value === null || Object.values(value).every(isKnown));

async function readData(shared: Shared, _key: string, extra: Extra): Promise<unknown> {
  const { module, block, type, provider } = shared;
  await demand(shared, "precondition", extra);
  const given = await module.argumentsOf(block, new Set(), extra);
  if (!isKnown(given)) return UNKNOWN;
  const read = module.run.drivers.data[type];
  if (!read) throw new Error(`There is no driver of data ${type}.`);
  const self = { ...given, ...(await read(given, provider)) };
  await demand(shared, "postcondition", { ...extra, self });
  return self;
}

async function carryOutInstance(shared: Shared, key: string, extra: Extra): Promise<Values> {
  const { module, block } = shared;
  const address = `${shared.address}${key}`;
  module.run.wanted.add(address);
  await demand(shared, "precondition", extra);
  const given = await module.argumentsOf(block, new Set(), extra);
  const self = await change(shared, address, given);
  await demand(shared, "postcondition", { ...extra, self });
  return self;
}

const isSame = (left: unknown, right: unknown): boolean =>
  left !== UNKNOWN && JSON.stringify(left) === JSON.stringify(right);

async function change(shared: Shared, address: string, given: Values): Promise<Values> {
  const { module, type, block } = shared;
  const { run } = module;
  const driver = run.drivers.resources[type];
  if (!driver) throw new Error(`There is no driver of ${type}.`);
  const prior = run.state.get(address);
  const changed = Object.keys(given).filter(
    (name) => !isSame(given[name], prior?.attributes[name]),
  );
  if (prior && changed.length === 0) return prior.attributes;
  const isReplaced =
    prior !== undefined && changed.some((name) => driver.replacedBy.includes(name));
  if (isReplaced && lifecycleOf(block).prevent_destroy)
    throw new Error(`Instance cannot be destroyed: ${address}`);
  const isNew = prior === undefined || isReplaced;
  run.changes.push(`${prior ? (isReplaced ? "replace" : "update") : "create"} ${address}`);
  const later = Object.fromEntries(driver.computed.map((name) => [name, UNKNOWN]));
  if (run.mode === "plan") return { ...(isNew ? {} : prior.attributes), ...later, ...given };
  if (!isKnown(given)) throw new Error(`${address} has no value for an argument.`);
  if (isReplaced) await replace(shared, address, prior);
  const made = isNew
    ? await driver.create(given, shared.provider)
    : // The provider keeps what it was to become, also where AWS undid it.
      await driver.update(given, prior.attributes, shared.provider).catch((error: unknown) => {
        keep(shared, address, { ...prior.attributes, ...given });
        throw error;
      });
  const attributes = { ...given, ...made };
  keep(shared, address, attributes);
  return attributes;
}

/** The old one goes at once, or when all is done. */
async function replace(shared: Shared, address: string, prior: Instance): Promise<void> {
  const { run } = shared.module;
  if (prior.isMadeFirst) run.replaced.push([address, prior]);
  else await run.drivers.resources[shared.type]?.remove(prior.attributes, prior.provider);
}

function keep(
  { module, type, address: block, provider, after, ...rest }: Shared,
  address: string,
  attributes: Values,
): void {
  module.run.state.set(address, {
    type,
    block,
    attributes,
    provider,
    after: [...after],
    isMadeFirst: lifecycleOf(rest.block).create_before_destroy === true,
  });
}
