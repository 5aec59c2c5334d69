import { AwsError } from "../service.ts";

/** A query that is wrong, or asks for what the sandbox does not emulate. */
export const malformed = (message: string): AwsError =>
  new AwsError("MalformedQueryException", 400, message);

export const notEmulated = (what: string): AwsError =>
  malformed(`The sandbox does not emulate ${what} in a query.`);

export const invalidParameter = (message: string): AwsError =>
  new AwsError("InvalidParameterException", 400, message);

export const noSuchResource = (message: string): AwsError =>
  new AwsError("ResourceNotFoundException", 400, message);
