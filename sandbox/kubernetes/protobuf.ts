/**
 * kubectl's protobuf request bodies, read into the JSON they stand for.
 *
 * kubectl 1.32 sends `application/vnd.kubernetes.protobuf` for reviews and for its imperative
 * `create` commands, and does not fall back to JSON. A body is the magic `k8s\0` and a
 * runtime.Unknown holding the object. Field numbers: the `generated.proto` files of k8s.io/api and
 * k8s.io/apimachinery. Only the messages and fields in the tables below are read; any other field
 * that carries a value, and any other kind, is refused by name.
 */
import { StatusError } from "./status.ts";

type FieldType =
  | "string"
  | "strings"
  | "base64"
  | "bool"
  | "int"
  | "stringMap"
  | "base64Map"
  /** What the server writes itself, and drops where a client sends it. */
  | "dropped"
  | { readonly message: Message }
  | { readonly messages: Message };

/** A message type: its name for errors, and by field number a JSON member and its type. */
interface Message {
  readonly name: string;
  readonly fields: Readonly<Record<number, readonly [member: string, type: FieldType]>>;
}

const message = (name: string, fields: Message["fields"]): Message => ({ name, fields });

const objectMeta = message("ObjectMeta", {
  1: ["name", "string"],
  2: ["generateName", "string"],
  3: ["namespace", "string"],
  8: ["creationTimestamp", "dropped"],
  11: ["labels", "stringMap"],
  12: ["annotations", "stringMap"],
});
const metadata = ["metadata", { message: objectMeta }] as const;
const status = ["status", "dropped"] as const;

const containers = {
  messages: message("Container", {
    1: ["name", "string"],
    2: ["image", "string"],
    3: ["command", "strings"],
    4: ["args", "strings"],
    5: ["workingDir", "string"],
    6: [
      "ports",
      {
        messages: message("ContainerPort", {
          1: ["name", "string"],
          3: ["containerPort", "int"],
          4: ["protocol", "string"],
        }),
      },
    ],
    7: ["env", { messages: message("EnvVar", { 1: ["name", "string"], 2: ["value", "string"] }) }],
    8: ["resources", { message: message("ResourceRequirements", {}) }],
    14: ["imagePullPolicy", "string"],
  }),
} as const;

const podSpec = {
  message: message("PodSpec", {
    2: ["containers", containers],
    3: ["restartPolicy", "string"],
    6: ["dnsPolicy", "string"],
    8: ["serviceAccountName", "string"],
    9: ["serviceAccount", "string"],
    14: ["securityContext", { message: message("PodSecurityContext", {}) }],
  }),
} as const;

const rules = {
  messages: message("PolicyRule", {
    1: ["verbs", "strings"],
    2: ["apiGroups", "strings"],
    3: ["resources", "strings"],
    4: ["resourceNames", "strings"],
    5: ["nonResourceURLs", "strings"],
  }),
} as const;
const role = { 1: metadata, 2: ["rules", rules] } as const;
const binding = {
  1: metadata,
  2: [
    "subjects",
    {
      messages: message("Subject", {
        1: ["kind", "string"],
        2: ["apiGroup", "string"],
        3: ["name", "string"],
        4: ["namespace", "string"],
      }),
    },
  ],
  3: [
    "roleRef",
    {
      message: message("RoleRef", {
        1: ["apiGroup", "string"],
        2: ["kind", "string"],
        3: ["name", "string"],
      }),
    },
  ],
} as const;

const resourceAttributes = {
  message: message("ResourceAttributes", {
    1: ["namespace", "string"],
    2: ["verb", "string"],
    3: ["group", "string"],
    4: ["version", "string"],
    5: ["resource", "string"],
    6: ["subresource", "string"],
    7: ["name", "string"],
  }),
} as const;
const nonResourceAttributes = {
  message: message("NonResourceAttributes", { 1: ["path", "string"], 2: ["verb", "string"] }),
} as const;

const MESSAGES: Readonly<Record<string, Message>> = Object.fromEntries(
  [
    message("SelfSubjectAccessReview", {
      1: metadata,
      2: [
        "spec",
        {
          message: message("SelfSubjectAccessReviewSpec", {
            1: ["resourceAttributes", resourceAttributes],
            2: ["nonResourceAttributes", nonResourceAttributes],
          }),
        },
      ],
      3: status,
    }),
    message("SelfSubjectRulesReview", {
      1: metadata,
      2: [
        "spec",
        { message: message("SelfSubjectRulesReviewSpec", { 1: ["namespace", "string"] }) },
      ],
      3: status,
    }),
    message("SelfSubjectReview", { 1: metadata, 2: status }),
    message("Namespace", {
      1: metadata,
      2: ["spec", { message: message("NamespaceSpec", {}) }],
      3: status,
    }),
    message("ConfigMap", { 1: metadata, 2: ["data", "stringMap"], 3: ["binaryData", "base64Map"] }),
    message("Secret", { 1: metadata, 2: ["data", "base64Map"], 3: ["type", "string"] }),
    message("ServiceAccount", { 1: metadata }),
    message("Pod", { 1: metadata, 2: ["spec", podSpec], 3: status }),
    message("Deployment", {
      1: metadata,
      2: [
        "spec",
        {
          message: message("DeploymentSpec", {
            1: ["replicas", "int"],
            2: [
              "selector",
              { message: message("LabelSelector", { 1: ["matchLabels", "stringMap"] }) },
            ],
            3: [
              "template",
              { message: message("PodTemplateSpec", { 1: metadata, 2: ["spec", podSpec] }) },
            ],
            4: ["strategy", { message: message("DeploymentStrategy", { 1: ["type", "string"] }) }],
          }),
        },
      ],
      3: status,
    }),
    message("Role", role),
    message("ClusterRole", role),
    message("RoleBinding", binding),
    message("ClusterRoleBinding", binding),
  ].map((one) => [one.name, one]),
);

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

const unknownSchema = message("runtime.Unknown", {
  1: [
    "typeMeta",
    { message: message("TypeMeta", { 1: ["apiVersion", "string"], 2: ["kind", "string"] }) },
  ],
  2: ["raw", "base64"],
});

const MAGIC = Buffer.from("k8s\0", "latin1");

/** The object in a body. Throws 400 where it is malformed, 415 where it is more than is read. */
export function decodeProtobuf(body: Buffer): Record<string, unknown> {
  if (!body.subarray(0, MAGIC.length).equals(MAGIC)) throw malformed("it lacks the magic k8s\\0");
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
