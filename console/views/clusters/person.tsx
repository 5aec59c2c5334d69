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
import { LookField } from "../../parts/look-field.tsx";

export interface Asked {
  readonly ask: (name: string | undefined) => void;
  /** Undefined for everyone, and until it is known whether access.yaml has the name. */
  readonly person: AskedPerson | undefined;
  readonly reading: Reading<PersonAccessAnswer>;
}

/** @param cluster the name in `access.yaml` */
export function useAskedPerson(cluster: string): Asked {
  const [name, ask] = useState<string>();
  const path =
    name && `/v1/people/${encodeURIComponent(name)}/access?cluster=${encodeURIComponent(cluster)}`;
  const reading = useRead<PersonAccessAnswer>(path, 0);
  const isUnknown = reading.problem?.code === "person-not-found";
  const isNamed = reading.answer ? true : isUnknown ? false : undefined;
  const person = name !== undefined && isNamed !== undefined ? { name, isNamed } : undefined;
  return {
    ...{ ask, person },
    // A name that access.yaml does not have is an answer.
    reading: isUnknown ? { ...reading, problem: undefined } : reading,
  };
}

export function PersonField({ ask }: Pick<Asked, "ask">) {
  const [text, setText] = useState("");
  const look = () => ask(text.trim() === "" ? undefined : text.trim());
  return (
    <LookField
      label="Person"
      constraintText="By the name in access.yaml. Empty: everyone."
      placeholder="everyone"
      button="Show"
      {...{ text, setText, look }}
    />
  );
}

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
