import { AwsError } from "../service.ts";

/** DynamoDB's errors, by the names and texts of https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB.html */
export const dynamoDbError = (code: string, message: string): AwsError =>
  new AwsError(code, 400, message);

export const invalid = (message: string): AwsError => dynamoDbError("ValidationException", message);

/** The error of the operations on tags and items. */
export const notFound = (): AwsError =>
  dynamoDbError("ResourceNotFoundException", "Requested resource not found");

/** A change of a table that is being restored. */
export const beingCreated = (name: string): AwsError =>
  dynamoDbError(
    "ResourceInUseException",
    `Attempt to change a resource which is still in use: Table is being created: ${name}`,
  );

/** The error of the operations on backups. */
export const tableNotFound = (name: string): AwsError =>
  dynamoDbError("TableNotFoundException", `Table not found: ${name}`);

/** @throws AwsError ValidationException for a member that is not emulated, by its name */
export function refuseOthers(
  operation: string,
  input: Readonly<Record<string, unknown>>,
  members: readonly string[],
): void {
  const other = Object.keys(input).find((name) => !members.includes(name));
  if (other !== undefined)
    throw invalid(`dynamodb:${operation}'s ${other} is not emulated by the sandbox.`);
}
