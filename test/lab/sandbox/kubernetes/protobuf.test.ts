import { describe, expect, test } from "vitest";
import { decodeProtobuf } from "../../../../lab/sandbox/kubernetes/protobuf.ts";
import { StatusError } from "../../../../lab/sandbox/kubernetes/status.ts";

/** Bodies that kubectl 1.32.3 sent, by its command line. */
const CAPTURED: readonly (readonly [string, string, object])[] = [
  [
    "auth can-i create pods --subresource=exec -n team-a",
    "6b3873000a320a17617574686f72697a6174696f6e2e6b38732e696f2f7631121753656c665375626a65637441636365737352657669657712420a100a0012001a0022002a0032003800420012240a220a067465616d2d6112066372656174651a0022002a04706f64733204657865633a001a08080012001a0020001a002200",
    {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SelfSubjectAccessReview",
      metadata: {},
      spec: {
        resourceAttributes: {
          namespace: "team-a",
          verb: "create",
          resource: "pods",
          subresource: "exec",
        },
      },
    },
  ],
  [
    "auth can-i get /healthz",
    "6b3873000a320a17617574686f72697a6174696f6e2e6b38732e696f2f7631121753656c665375626a656374416363657373526576696577122f0a100a0012001a0022002a003200380042001211120f0a082f6865616c74687a12036765741a08080012001a0020001a002200",
    {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SelfSubjectAccessReview",
      metadata: {},
      spec: { nonResourceAttributes: { path: "/healthz", verb: "get" } },
    },
  ],
  [
    "auth can-i --list -n team-a",
    "6b3873000a310a17617574686f72697a6174696f6e2e6b38732e696f2f7631121653656c665375626a65637452756c657352657669657712220a100a0012001a0022002a0032003800420012080a067465616d2d611a04180022001a002200",
    {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SelfSubjectRulesReview",
      metadata: {},
      spec: { namespace: "team-a" },
    },
  ],
  [
    "auth whoami",
    "6b3873000a2d0a1861757468656e7469636174696f6e2e6b38732e696f2f7631121153656c665375626a656374526576696577121a0a100a0012001a0022002a0032003800420012060a040a0012001a002200",
    {
      apiVersion: "authentication.k8s.io/v1",
      kind: "SelfSubjectReview",
      metadata: {},
    },
  ],
  [
    "create deployment web --image=nginx -n team-a",
    "6b3873000a150a07617070732f7631120a4465706c6f796d656e7412b1010a250a0377656212001a067465616d2d6122002a003200380042005a0a0a036170701203776562127a0801120c0a0a0a0361707012037765621a600a1c0a0012001a0022002a003200380042005a0a0a036170701203776562124012220a056e67696e7812056e67696e782a0042006a007200800100880100900100a201001a00320042004a0052005800600068008201008a01009a0100c2010022020a00280038001a0c0800100018002000280038001a002200",
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web", namespace: "team-a", labels: { app: "web" } },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: "web" } },
        template: {
          metadata: { labels: { app: "web" } },
          spec: {
            containers: [{ name: "nginx", image: "nginx", resources: {} }],
          },
        },
        strategy: {},
      },
    },
  ],
  [
    "create role r --verb=get --resource=pods -n team-a",
    "6b3873000a240a1c726261632e617574686f72697a6174696f6e2e6b38732e696f2f76311204526f6c6512280a170a017212001a067465616d2d6122002a00320038004200120d0a0367657412001a04706f64731a002200",
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "Role",
      metadata: { name: "r", namespace: "team-a" },
      rules: [{ verbs: ["get"], apiGroups: [""], resources: ["pods"] }],
    },
  ],
  [
    "create rolebinding rb --clusterrole=view --user=u -n team-a",
    "6b3873000a2b0a1c726261632e617574686f72697a6174696f6e2e6b38732e696f2f7631120b526f6c6542696e64696e6712720a180a02726212001a067465616d2d6122002a0032003800420012260a04557365721219726261632e617574686f72697a6174696f6e2e6b38732e696f1a017522001a2e0a19726261632e617574686f72697a6174696f6e2e6b38732e696f120b436c7573746572526f6c651a04766965771a002200",
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata: { name: "rb", namespace: "team-a" },
      subjects: [{ kind: "User", apiGroup: "rbac.authorization.k8s.io", name: "u" }],
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
    },
  ],
  [
    "create secret generic s --from-literal=a=b",
    "6b3873000a0c0a0276311206536563726574121d0a110a017312001a0022002a0032003800420012060a01611201621a001a002200",
    { apiVersion: "v1", kind: "Secret", metadata: { name: "s" }, data: { a: "Yg==" } },
  ],
];

const body = (hex: string): Buffer => Buffer.from(hex, "hex");

test.each(CAPTURED)("kubectl %s is read", (_command, hex, object) => {
  expect(decodeProtobuf(body(hex))).toEqual(object);
});

describe("a body that is not wholly read is refused by name", () => {
  /** A runtime.Unknown of a kind, around an object's bytes. Lengths stay under 128. */
  const field = (number: number, value: Buffer): Buffer =>
    Buffer.concat([Buffer.from([number * 8 + 2, value.length]), value]);
  const wrapped = (kind: string, raw: Buffer): Buffer => {
    const typeMeta = Buffer.concat([field(1, Buffer.from("v1")), field(2, Buffer.from(kind))]);
    return Buffer.concat([Buffer.from("k8s\0"), field(1, typeMeta), field(2, raw)]);
  };
  const refusal = (bytes: Buffer): StatusError => {
    try {
      decodeProtobuf(bytes);
    } catch (error) {
      if (error instanceof StatusError) return error;
      throw error;
    }
    throw new Error("It was read.");
  };

  test("A field that is not in the table is refused, with its number and its message", () => {
    const finalizer = field(1, field(14, Buffer.from("x")));
    expect(refusal(wrapped("Namespace", finalizer))).toMatchObject({
      code: 415,
      message: expect.stringContaining("protobuf field 14 of ObjectMeta"),
    });
  });

  test("A field that is not in the table and has its default is accepted", () => {
    const empty = field(1, Buffer.concat([field(1, Buffer.from("n")), field(14, Buffer.alloc(0))]));
    expect(decodeProtobuf(wrapped("Namespace", empty))).toMatchObject({ metadata: { name: "n" } });
  });

  test.each(["Service", "constructor", "__proto__"])(
    "A protobuf body of the kind %s is refused by name",
    (kind) => {
      expect(refusal(wrapped(kind, Buffer.alloc(0)))).toMatchObject({
        code: 415,
        message: expect.stringContaining(kind),
      });
    },
  );

  test("A protobuf body without the magic number is refused", () => {
    expect(refusal(Buffer.from("{}"))).toMatchObject({ code: 400 });
  });

  test("A protobuf body that is cut off inside a field is refused", () => {
    const whole = body(CAPTURED[0]?.[1] ?? "");
    const [magic, typeMeta, object] = [4, 2 + 0x32, 2 + 0x42];
    for (let length = magic + 1; length < magic + typeMeta + object; length += 1) {
      // There, a message ends: what follows cannot be missed.
      if (length === magic + typeMeta) continue;
      expect(refusal(whole.subarray(0, length)).code, `${length} bytes`).toBe(400);
    }
  });

  test("A map's key is only a key, whatever it is called", () => {
    const pair = Buffer.concat([field(1, Buffer.from("__proto__")), field(2, Buffer.from("x"))]);
    const labels = field(1, field(11, pair));
    const { metadata } = decodeProtobuf(wrapped("Namespace", labels)) as {
      metadata: { labels: object };
    };
    expect(Object.entries(metadata.labels)).toEqual([["__proto__", "x"]]);
    expect(Object.prototype).not.toHaveProperty("x");
  });
});
