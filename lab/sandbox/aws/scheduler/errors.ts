import { AwsError } from "../service.ts";

/** Scheduler's errors, with the texts and statuses of its API Reference. */
export function validation(message: string): AwsError {
  return new AwsError("ValidationException", 400, message);
}

export function scheduleDoesNotExist(name: string): AwsError {
  return new AwsError("ResourceNotFoundException", 404, `Schedule ${name} does not exist.`);
}

export function groupDoesNotExist(name: string): AwsError {
  return new AwsError("ResourceNotFoundException", 404, `Schedule group ${name} does not exist.`);
}

export function scheduleExists(name: string): AwsError {
  return new AwsError("ConflictException", 409, `Schedule ${name} already exists.`);
}

export function groupExists(name: string): AwsError {
  return new AwsError("ConflictException", 409, `Schedule group ${name} already exists.`);
}

/** The code and the status are the API Reference's. AWS publishes no text. */
export function quotaReached(most: number): AwsError {
  return new AwsError(
    "ServiceQuotaExceededException",
    402,
    `The account has ${most} schedules, as many as its quota allows.`,
  );
}

/** Refuses by name what Scheduler has and the sandbox does not emulate. */
export function notEmulated(what: string): AwsError {
  return validation(`${what} is not emulated. Nothing was done.`);
}
