/** The person whose access is looked at; everyone's without one. */
import Box from "@cloudscape-design/components/box";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import {
  type AskedPerson,
  type Listed,
  type ListKind,
  ofPerson,
  personText,
  verdictText,
} from "../../../cli/text/reach-person-text.ts";
import type { PersonAccessAnswer } from "../../../shared/http/contract/person-access-answer.ts";
import { type Reading, useRead } from "../../api/use-read.ts";
import { NO_SUCH_GRANT, NOTHING_OF_PERSON } from "../../parts/list-words.ts";
import { LookField, type LookFieldProps } from "../../parts/look-field.tsx";

export interface Asked {
  readonly field: PersonFieldProps;
  /** Undefined for everyone, and until it is known whether access.yaml has the name. */
  readonly person: AskedPerson | undefined;
  readonly reading: Reading<PersonAccessAnswer>;
}

/** Lists share it, so that nobody enters the same person again for the next cluster or instant. */
let last: string | undefined;

/** @param cluster the name in `access.yaml` */
export function useAskedPerson(cluster: string): Asked {
  const [text, setText] = useState(last ?? "");
  const [name, ask] = useState(last);
  const look = () => {
    last = text.trim() === "" ? undefined : text.trim();
    ask(last);
  };
  const path =
    name && `/v1/people/${encodeURIComponent(name)}/access?cluster=${encodeURIComponent(cluster)}`;
  const reading = useRead<PersonAccessAnswer>(path, 0);
  const isUnknown = reading.problem?.code === "person-not-found";
  const isNamed = reading.answer ? true : isUnknown ? false : undefined;
  const person = name !== undefined && isNamed !== undefined ? { name, isNamed } : undefined;
  return {
    ...{ field: { text, setText, look }, person },
    // A name that access.yaml does not have is an answer.
    reading: isUnknown ? { ...reading, problem: undefined } : reading,
  };
}

type PersonFieldProps = Pick<LookFieldProps, "text" | "setText" | "look">;

export const PersonField = (field: PersonFieldProps) => (
  <LookField
    label="Person"
    constraintText="By the name in access.yaml. Empty: everyone."
    placeholder="everyone"
    button="Show"
    {...field}
  />
);

interface VerdictProps {
  readonly listed: Listed;
  readonly person: AskedPerson;
  readonly kind: ListKind;
}

/** The answer in a sentence, and how far it goes. */
export const Verdict = ({ listed, person, kind }: VerdictProps) => (
  <SpaceBetween size="xxs">
    <Box fontWeight="bold">{verdictText(ofPerson(listed, person), person, kind)}</Box>
    <Box>{personText(listed, person)}</Box>
  </SpaceBetween>
);

/** The text in place of rows. Standing access is not looked for under a name that access.yaml does not have. */
export function nothingText(ofEveryone: string, person: AskedPerson | undefined): string {
  if (person === undefined) return ofEveryone;
  return person.isNamed === false ? NO_SUCH_GRANT : NOTHING_OF_PERSON;
}
