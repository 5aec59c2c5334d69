/**
 * The XML of the AWS query protocol. An object's members are elements, a list holds `member`
 * elements, a map `entry` elements, and an absent value is left out.
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#response-serialization
 */

/** `<name>…</name>`; nothing for undefined and null. */
export function xmlElement(name: string, value: unknown): string {
  if (value === undefined || value === null) return "";
  return `<${name}>${xmlContent(value)}</${name}>`;
}

/** The elements of an object's members, without one around them. */
export function xmlMembers(value: object): string {
  return Object.entries(value)
    .map(([name, member]) => xmlElement(name, member))
    .join("");
}

function xmlContent(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Map)
    return [...value].map(([key, each]) => xmlElement("entry", { key, value: each })).join("");
  if (Array.isArray(value)) return value.map((each) => xmlElement("member", each)).join("");
  if (typeof value === "object" && value !== null) return xmlMembers(value);
  return escaped(String(value));
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** Markup as entities; of the control characters XML 1.0 has but three, and none of the others can be written. */
function escaped(text: string): string {
  return text
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
    .replace(/\r/g, "&#13;")
    .replace(/\p{Cc}/gu, (character) => (/[\t\n]/.test(character) ? character : "\uFFFD"));
}
