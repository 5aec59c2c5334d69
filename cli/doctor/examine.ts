/** Makes every check, and says what could not be looked at. */
import { type Check, type CheckResult, ill, type Patient } from "./check-result.ts";
import { Unread } from "./sights.ts";

/** A result with the name of its check. */
export interface Examined extends CheckResult {
  readonly check: string;
}

/** One check after the other, in their order. A check that cannot look is a result of its own. */
export async function examine(
  patient: Patient,
  checks: readonly Check[],
): Promise<readonly Examined[]> {
  const all: Examined[] = [];
  for (const check of checks)
    for (const result of await look(check, patient)) all.push({ check: check.name, ...result });
  return all;
}

async function look(check: Check, patient: Patient): Promise<readonly CheckResult[]> {
  try {
    return await check.look(patient);
  } catch (error) {
    if (!(error instanceof Unread)) throw error;
    return [ill(`not known: ${error.message}`, nextOf(error, check))];
  }
}

const nextOf = ({ code }: Unread, { needs }: Check): string =>
  /AccessDenied|Unauthorized/.test(code)
    ? `use credentials that may ${needs.join(", ")}`
    : "run it again; if that does not help, make the call with the AWS CLI";
