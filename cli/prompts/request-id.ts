import { InvalidArgumentError } from "commander";

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Reads a request's id, for commander. @throws InvalidArgumentError */
export function parseRequestId(text: string): string {
  const id = text.toLowerCase();
  if (!UUID.test(id))
    throw new InvalidArgumentError("A request's id is a UUID; timelatch list shows it.");
  return id;
}
