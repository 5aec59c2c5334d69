/**
 * Says in what an event breaks OCSF, by the facts of the schema's own files in ocsf-facts.json.
 * https://schema.ocsf.io/1.8.0
 */
import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import path from "node:path";

interface Kind {
  readonly extends?: string;
  readonly at_least_one?: readonly string[];
  readonly attributes: Readonly<Record<string, string>>;
}

const FACTS = JSON.parse(
  readFileSync(path.join(import.meta.dirname, "ocsf-facts.json"), "utf8"),
) as { readonly [group in "classes" | "objects"]: Readonly<Record<string, Kind>> };

const isText = (value: unknown) => typeof value === "string";
const isInteger = (value: unknown) => Number.isSafeInteger(value);
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** The primitives that are more than a text. */
const PRIMITIVES: Readonly<Record<string, (value: unknown) => boolean>> = {
  boolean_t: (value) => typeof value === "boolean",
  datetime_t: (value) => isText(value) && INSTANT.test(String(value)),
  integer_t: isInteger,
  ip_t: (value) => isIP(String(value)) !== 0,
  json_t: () => true,
  long_t: isInteger,
  object: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  port_t: (value) => isInteger(value) && Number(value) >= 0 && Number(value) <= 65_535,
  timestamp_t: isInteger,
};

type Item = Readonly<Record<string, unknown>>;

/** @param event as it is written: without members that are undefined */
export function breachesOf(event: Item): readonly string[] {
  const { class_uid: uid, activity_id: activity, type_uid: type } = event;
  const isIt = ({ attributes }: Kind) => attributes["class_uid"]?.endsWith(`= ${uid}`);
  const kind = Object.values(FACTS.classes).find(isIt);
  if (!kind) return [`class_uid: no class has ${uid}`];
  const { profiles = [] } = (event["metadata"] ?? {}) as { readonly profiles?: readonly string[] };
  const isTyped = type === Number(uid) * 100 + Number(activity);
  return [
    ...(isTyped ? [] : [`type_uid: ${type} is not of the class and the activity`]),
    ...breachesIn(event, { attributes: attributesOf(kind) }, "", profiles),
  ];
}

/** Those of a class, with those of the classes that it extends. */
const attributesOf = ({ extends: parent = "", attributes }: Kind): Kind["attributes"] => {
  const more = FACTS.classes[parent];
  return { ...(more && attributesOf(more)), ...attributes };
};

type Profiles = readonly string[];

/** @param at the path of the item, with a point after it */
function breachesIn(item: Item, kind: Kind, at: string, profiles: Profiles): readonly string[] {
  const { attributes, at_least_one: oneOf = [] } = kind;
  const isHere = (fact: string) =>
    !fact.includes(" @") || profiles.some((each) => `${fact} `.includes(` @${each} `));
  const missing = Object.keys(attributes).filter(
    (name) => attributes[name]?.includes("!") && isHere(attributes[name]) && !(name in item),
  );
  const lacks = oneOf.length > 0 && !oneOf.some((name) => name in item);
  return [
    ...missing.map((name) => `${at}${name}: missing`),
    ...(lacks ? [`${at}: needs one of ${oneOf.join(", ")}`] : []),
    ...Object.entries(item).flatMap(([name, value]) => {
      const fact = attributes[name];
      if (fact === undefined) return [`${at}${name}: unknown`];
      if (!isHere(fact)) return [`${at}${name}: its profile is not named`];
      return breachesBy(fact, value, `${at}${name}`, profiles);
    }),
  ];
}

const FACT = /^(?<type>\w+)(?<many>\[\])?!?(?: @\w+)?(?: = (?<numbers>[\d ]+))?(?<old> dep\w+)?$/;

function breachesBy(fact: string, value: unknown, at: string, of: Profiles): readonly string[] {
  const { type = "", many, numbers = "", old } = FACT.exec(fact)?.groups ?? {};
  if (old) return [`${at}: deprecated`];
  if (many)
    return Array.isArray(value)
      ? value.flatMap((each, index) => breachesBy(type, each, `${at}[${index}]`, of))
      : [`${at}: no array`];
  if (numbers !== "" && !numbers.split(" ").includes(String(value)))
    return [`${at}: ${value} is none of ${numbers}`];
  const isPrimitive = type === "object" || type.endsWith("_t");
  const isOfType = PRIMITIVES[isPrimitive ? type : "object"] ?? isText;
  if (!isOfType(value)) return [`${at}: no ${type}`];
  const kind = FACTS.objects[type];
  if (isPrimitive || !kind) return isPrimitive ? [] : [`${at}: the facts lack ${type}`];
  return breachesIn(value as Item, kind, `${at}.`, of);
}
