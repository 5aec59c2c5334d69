/** The people whom the emulated services know, and `/_sandbox/people`, which sets them. */
import { InvalidRule, members } from "./faults.ts";

/** The services that list their people, and GitHub, which knows each by the id. */
const LISTING = ["pagerduty", "incidentIo", "jira", "serviceNow", "github"] as const;
type Listing = (typeof LISTING)[number];

export interface KnownPerson {
  readonly service: Listing;
  readonly id: string;
  /** Null where its owner hides it, or the service shows nobody's. */
  readonly email: string | null;
  readonly active: boolean;
  /** Atlassian's: `atlassian` for a person, `app` for a program, `customer` for a help desk's. */
  readonly accountType: string;
}

/** The people of the first schedule. */
export const initialPeople = (): readonly KnownPerson[] =>
  [
    ["PCAROL1", "carol@example.com"],
    ["PDAVE01", "dave@example.com"],
  ].map(([id = "", email = ""]) => ({
    ...{ service: "pagerduty", id, email, active: true, accountType: "atlassian" },
  }));

const MEMBERS = ["service", "id", "email", "active", "accountType"];
const ID = /^[A-Za-z0-9:_-]{1,128}$/;
const TYPES = ["atlassian", "app", "customer"];

/** @throws InvalidRule where the body is not of that form */
export function withPerson(people: readonly KnownPerson[], body: unknown): readonly KnownPerson[] {
  const named = members(body, MEMBERS, "A person");
  const { id, email = null, active = true, accountType = "atlassian" } = named;
  const service = LISTING.find((each) => each === named["service"]);
  if (!service) throw new InvalidRule(`service is one of ${LISTING.join(", ")}.`);
  if (typeof id !== "string" || !ID.test(id))
    throw new InvalidRule("id is the service's id of somebody.");
  if (email !== null && typeof email !== "string")
    throw new InvalidRule("email is a text, or left out where it is hidden.");
  if (typeof active !== "boolean") throw new InvalidRule("active is true or false.");
  if (typeof accountType !== "string" || !TYPES.includes(accountType))
    throw new InvalidRule(`accountType is one of ${TYPES.join(", ")}.`);
  const others = people.filter((each) => each.service !== service || each.id !== id);
  return [...others, { service, id, email, active, accountType }];
}

export const peopleAt = (
  { people }: { readonly people: readonly KnownPerson[] },
  service: Listing,
): readonly KnownPerson[] => people.filter((each) => each.service === service);
