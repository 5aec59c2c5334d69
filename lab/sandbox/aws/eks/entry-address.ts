import { type Input, required, text } from "./input.ts";

/** The address of an entry: the two path labels that every operation on one carries. */
export interface EntryAddress {
  readonly clusterName: string;
  readonly principalArn: string;
}

export function entryAddress(input: Input): EntryAddress {
  return {
    clusterName: required(text(input, "clusterName"), "clusterName"),
    principalArn: required(text(input, "principalArn"), "principalArn"),
  };
}
