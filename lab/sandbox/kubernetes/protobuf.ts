/**
 * Reads kubectl's protobuf request bodies as JSON.
 *
 * kubectl 1.32 sends `application/vnd.kubernetes.protobuf` for reviews and for its imperative
 * `create` commands. It does not fall back to JSON. A body is the magic `k8s\0` and a
 * runtime.Unknown holding the object. Only the messages and fields in `protobuf-messages.ts` are
 * read. Any other field with a value, and any other kind, is refused by name.
 */
import { type FieldType, MESSAGES, type Message, unknownSchema } from "./protobuf-messages.ts";
import { StatusError } from "./status.ts";

/** One field on the wire: a varint, or length-delimited bytes. */
type Wire = { readonly field: number; readonly value: number | Buffer };

const malformed = (why: string): StatusError =>
  new StatusError(400, `the body is not valid Kubernetes protobuf: ${why}`);

/** The wire's fields in order. Groups and fixed-width fields do not occur in what is read. */
function* wireFields(bytes: Buffer): Generator<Wire> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = bytes[at++];
      if (byte === undefined) throw malformed("it ends inside a number");
      value += (byte & 0x7f) * scale;
      if ((byte & 0x80) === 0) break;
      scale *= 0x80;
    }
    if (!Number.isSafeInteger(value)) throw malformed("a number is out of range");
    return value;
  };
  while (at < bytes.length) {
    const key = varint();
    const field = Math.floor(key / 8);
    const wireType = key % 8;
    if (wireType === 0) yield { field, value: varint() };
    else if (wireType === 2) {
      const length = varint();
      if (at + length > bytes.length) throw malformed("it ends inside a field");
      yield { field, value: bytes.subarray(at, at + length) };
      at += length;
    } else throw malformed(`wire type ${wireType} of field ${field} is not read`);
  }
}

const bytesOf = ({ field, value }: Wire): Buffer => {
  if (typeof value === "number") throw malformed(`field ${field} should be length-delimited`);
  return value;
};
const numberOf = ({ field, value }: Wire): number => {
  if (typeof value !== "number") throw malformed(`field ${field} should be a varint`);
  return value;
};

function mapEntry(wire: Wire, decode: (bytes: Buffer) => string): [string, string] {
  const parts = new Map([...wireFields(bytesOf(wire))].map((part) => [part.field, bytesOf(part)]));
  return [parts.get(1)?.toString() ?? "", decode(parts.get(2) ?? Buffer.alloc(0))];
}

const text = (bytes: Buffer): string => bytes.toString("utf8");
const base64 = (bytes: Buffer): string => bytes.toString("base64");

/** The value of one field, joined to what earlier fields of the same number gave. */
function decodeField(type: FieldType, wire: Wire, before: unknown): unknown {
  if (typeof type === "object") {
    if ("message" in type) return decodeMessage(type.message, bytesOf(wire));
    return [...((before as unknown[]) ?? []), decodeMessage(type.messages, bytesOf(wire))];
  }
  switch (type) {
    // Go writes members that JSON would leave out: an empty string stands for an absent one.
    case "string":
      return text(bytesOf(wire)) || undefined;
    case "strings":
      return [...((before as unknown[]) ?? []), text(bytesOf(wire))];
    case "base64":
      return base64(bytesOf(wire));
    case "bool":
      return numberOf(wire) !== 0;
    case "int":
      return numberOf(wire);
    case "stringMap":
      return { ...(before as object), ...Object.fromEntries([mapEntry(wire, text)]) };
    case "base64Map":
      return { ...(before as object), ...Object.fromEntries([mapEntry(wire, base64)]) };
    case "dropped":
      return undefined;
  }
}

const isDefault = ({ value }: Wire): boolean =>
  typeof value === "number" ? value === 0 : value.length === 0;

function decodeMessage({ name, fields }: Message, bytes: Buffer): Record<string, unknown> {
  const decoded: Record<string, unknown> = {};
  for (const wire of wireFields(bytes)) {
    const known = fields[wire.field];
    if (known !== undefined) {
      const [member, type] = known;
      const value = decodeField(type, wire, decoded[member]);
      if (value !== undefined) decoded[member] = value;
    } else if (!isDefault(wire)) {
      throw new StatusError(
        415,
        `protobuf field ${wire.field} of ${name} is not read by the sandbox: nothing was done; send the object as JSON, with kubectl create -f`,
      );
    }
  }
  return decoded;
}

const MAGIC = Buffer.from("k8s\0", "latin1");

/** The object in a body. Throws 400 where it is malformed, 415 where it is more than is read. */
export function decodeProtobuf(body: Buffer): Record<string, unknown> {
  if (!body.subarray(0, MAGIC.length).equals(MAGIC))
    throw malformed("it does not begin with k8s\\0");
  const { typeMeta, raw } = decodeMessage(unknownSchema, body.subarray(MAGIC.length)) as {
    readonly typeMeta?: { readonly apiVersion?: string; readonly kind?: string };
    readonly raw?: string;
  };
  const kind = typeMeta?.kind ?? "";
  const schema = Object.hasOwn(MESSAGES, kind) ? MESSAGES[kind] : undefined;
  if (schema === undefined) {
    throw new StatusError(
      415,
      `a protobuf body of kind ${JSON.stringify(kind)} is not read by the sandbox: nothing was done; send the object as JSON, with kubectl create -f`,
    );
  }
  return { ...typeMeta, ...decodeMessage(schema, Buffer.from(raw ?? "", "base64")) };
}
