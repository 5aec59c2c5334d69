import { AwsError } from "../service.ts";
import type { KmsKey, KmsState } from "./state.ts";

/** The account and region of the keys. */
export interface KmsPlace {
  readonly account: string;
  readonly region: string;
}

export interface FoundKey {
  readonly key: KmsKey;
  /** The alias that the caller named, if any: `alias/seal`. */
  readonly alias?: string;
}

/**
 * The key that a `KeyId` names: by its id, its ARN, an alias, or an alias's ARN. A key is there
 * until the waiting period of its deletion is over.
 * @throws AwsError NotFoundException, ValidationException without such a key
 */
export function findKey(state: KmsState, place: KmsPlace, keyId: unknown, now: Date): FoundKey {
  const found = namedKey(state, place, keyId);
  const { deletionDate } = found.key;
  if (deletionDate !== undefined && Date.parse(deletionDate) <= now.getTime())
    throw notFound(`Key '${found.key.arn}' does not exist`);
  return found;
}

function namedKey(state: KmsState, place: KmsPlace, keyId: unknown): FoundKey {
  if (typeof keyId !== "string" || keyId === "")
    throw new AwsError("ValidationException", 400, "KeyId must not be null.");
  const prefix = `arn:aws:kms:${place.region}:${place.account}:`;
  const local = keyId.startsWith(prefix) ? keyId.slice(prefix.length) : keyId;
  if (local.startsWith("alias/")) {
    const target = own(state.aliases, local);
    const key = target === undefined ? undefined : own(state.keys, target);
    if (key === undefined) throw notFound(`Alias ${prefix}${local} is not found.`);
    return { key, alias: local };
  }
  const id = local.replace(/^key\//, "");
  const isBare = keyId.startsWith(prefix) ? local.startsWith("key/") : !local.includes("/");
  const key = isBare ? own(state.keys, id) : undefined;
  if (key?.arn.startsWith(prefix)) return { key };
  throw notFound(
    /^[\da-f-]{36}$/.test(id)
      ? `Key '${prefix}key/${id}' does not exist`
      : `Invalid keyId '${keyId}'`,
  );
}

const own = <Value>(values: Readonly<Record<string, Value>>, name: string): Value | undefined =>
  Object.hasOwn(values, name) ? values[name] : undefined;

const notFound = (message: string) => new AwsError("NotFoundException", 400, message);
