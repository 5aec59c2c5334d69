/**
 * The protobuf messages that the sandbox reads, as tables. Field numbers: the `generated.proto` files
 * of k8s.io/api and k8s.io/apimachinery.
 */

export type FieldType =
  | "string"
  | "strings"
  | "base64"
  | "bool"
  | "int"
  | "stringMap"
  | "base64Map"
  /** A field that the server writes itself, and drops from a client's object. */
  | "dropped"
  | { readonly message: Message }
  | { readonly messages: Message };

/** A message type: its name for errors, and by field number a JSON member and its type. */
export interface Message {
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

/** The messages that are read, by kind. */
export const MESSAGES: Readonly<Record<string, Message>> = Object.fromEntries(
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

/** The envelope of every body. */
export const unknownSchema = message("runtime.Unknown", {
  1: [
    "typeMeta",
    { message: message("TypeMeta", { 1: ["apiVersion", "string"], 2: ["kind", "string"] }) },
  ],
  2: ["raw", "base64"],
});
