/** Label and field selectors of lists. A form that is not read is refused, never ignored. */
import { type KubernetesObject, valueAt } from "./state.ts";
import { StatusError } from "./status.ts";

type Test = (object: KubernetesObject) => boolean;

const KEY = "[A-Za-z0-9][A-Za-z0-9._/-]*";
const VALUE = "[A-Za-z0-9._-]*";

/** The forms of one label requirement (Kubernetes, "Labels and Selectors"). */
const LABEL_FORMS: readonly (readonly [
  RegExp,
  (label: string | undefined, values: readonly string[]) => boolean,
])[] = [
  [new RegExp(`^(${KEY})\\s*==?\\s*(${VALUE})$`), (label, values) => label === values[0]],
  [new RegExp(`^(${KEY})\\s*!=\\s*(${VALUE})$`), (label, values) => label !== values[0]],
  [
    new RegExp(`^(${KEY})\\s+in\\s+\\(([^()]*)\\)$`),
    (label, values) => label !== undefined && values.includes(label),
  ],
  [
    new RegExp(`^(${KEY})\\s+notin\\s+\\(([^()]*)\\)$`),
    (label, values) => label === undefined || !values.includes(label),
  ],
  [new RegExp(`^(${KEY})$`), (label) => label !== undefined],
  [new RegExp(`^!\\s*(${KEY})$`), (label) => label === undefined],
];

/** Commas separate requirements, except between parentheses. */
const requirements = (selector: string): readonly string[] =>
  selector
    .split(/,(?![^(]*\))/)
    .map((one) => one.trim())
    .filter((one) => one !== "");

function labelTest(requirement: string): Test {
  for (const [form, holds] of LABEL_FORMS) {
    const match = form.exec(requirement);
    if (match === null) continue;
    const [, key = "", list = ""] = match;
    const values = list.split(",").map((value) => value.trim());
    return ({ metadata: { labels = {} } }) =>
      holds(Object.hasOwn(labels, key) ? labels[key] : undefined, values);
  }
  throw new StatusError(
    400,
    `unable to parse requirement: ${JSON.stringify(requirement)} is not a label selector`,
  );
}

const FIELDS: readonly string[] = ["metadata.name", "metadata.namespace", "status.phase"];

function fieldTest(requirement: string): Test {
  const [, field = "", operator, value] = /^([A-Za-z.]+)(!=|==?)(.*)$/.exec(requirement) ?? [];
  // The field that `kubectl describe` asks events by. No events are recorded, so it selects
  // nothing.
  if (field.startsWith("involvedObject.")) return () => false;
  if (!FIELDS.includes(field)) {
    throw new StatusError(
      400,
      `field selector ${JSON.stringify(requirement)} is not emulated by the sandbox; it reads metadata.name, metadata.namespace and status.phase`,
    );
  }
  return (object) => (valueAt(object, ...field.split(".")) === value) === (operator !== "!=");
}

/** Whether an object matches a list's `labelSelector` and `fieldSelector`. Throws 400. */
export function selectorTest(query: URLSearchParams): Test {
  const tests = [
    ...requirements(query.get("labelSelector") ?? "").map(labelTest),
    ...requirements(query.get("fieldSelector") ?? "").map(fieldTest),
  ];
  return (object) => tests.every((test) => test(object));
}
