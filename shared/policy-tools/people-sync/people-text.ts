/** The text of a file of people: sorted, the same for the same people, a line for each thing that changes. */
import { OUTSIDE_IDS } from "../../domain/facts/on-call-schedule.ts";
import { visibleJson } from "../../domain/values/visible-text.ts";
import type { FilePerson } from "../../policy-file/people/compile-people.ts";
import { PeopleFile } from "../../policy-file/people/people-file.ts";
import { readAs, readLocatedYaml } from "../../policy-file/yaml/located-yaml.ts";
import type { FilePeople } from "./sync-people.ts";

const HEADER = `# People, for access.yaml to include. \`timelatch people sync\` writes this file: review each change as code.
# What you add to a person is kept: slack, formerly, principals, other identities. Groups and comments are not.
version: 1
`;

/** In this order, whatever the order was before. */
const PERSON = ["kind", "owners", "ownersApprove", "email", "groups"] as const;
const IDENTITIES = ["identityCenter", "saml", "oidc", "sourceIdentity", "iam", "slack"] as const;
const ROLES = ["principal", "principals", "notify", "outside", "formerly"] as const;
/** The keys of two objects: the user of Identity Center, and ids at other services. */
const INNER = ["userId", "userName", ...OUTSIDE_IDS] as const;

/** @throws FileFaults if the text would not be read as people: what is written comes from elsewhere */
export function peopleText(people: FilePeople): string {
  const entries = Object.entries(people).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const text = [
    HEADER,
    entries.length === 0 ? "people: {}\n" : "people:\n",
    ...entries.flatMap(([name, person]) => personLines(name, person).map((line) => `${line}\n`)),
  ].join("");
  readAs(readLocatedYaml(text), PeopleFile);
  return text;
}

function personLines(name: string, person: FilePerson): readonly string[] {
  const identities = linesOf(person.identities, IDENTITIES, "      ");
  return [
    `  ${scalar(name)}:`,
    ...linesOf(person, PERSON, "    "),
    ...(identities.length === 0 ? ["    identities: {}"] : ["    identities:", ...identities]),
    ...linesOf(person, ROLES, "    "),
  ];
}

const linesOf = <Part extends object>(
  part: Part,
  keys: readonly (keyof Part & string)[],
  indent: string,
): readonly string[] =>
  keys.flatMap((key) => (part[key] === undefined ? [] : [`${indent}${key}: ${inline(part[key])}`]));

/** A text, yes or no, a list of texts, or an object of texts. */
function inline(value: unknown): string {
  if (typeof value === "boolean") return String(value);
  if (typeof value === "string") return scalar(value);
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  const part = value as Readonly<Partial<Record<(typeof INNER)[number], string>>>;
  return `{ ${linesOf(part, INNER, "").join(", ")} }`;
}

/** Names, addresses and ids, which no reader of YAML takes for anything else. */
const PLAIN = /^(?:[A-Za-z][\w@.+/-]*|[0-9a-f]{8,10}-[0-9a-f-]+)$/i;

/** Also of YAML 1.1, which some readers follow. */
const WORDS = /^(?:null|true|false|yes|no|on|off|y|n)$/i;

/** A text in YAML. JSON's texts are texts of YAML too. */
export const scalar = (text: string): string =>
  PLAIN.test(text) && !WORDS.test(text) ? text : visibleJson(text);
