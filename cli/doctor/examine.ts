/** Makes every check, and says what could not be looked at. */
import { type Check, type Finding, ill, type Patient } from "./finding.ts";
import { Unread } from "./sights.ts";

/** A finding with the name of its check. */
export interface Examined extends Finding {
  readonly check: string;
}

/** One check after the other, in their order. A check that cannot look is a finding of its own. */
export async function examine(
  patient: Patient,
  checks: readonly Check[],
): Promise<readonly Examined[]> {
  const all: Examined[] = [];
  for (const check of checks)
    for (const finding of await look(check, patient)) all.push({ check: check.name, ...finding });
  return all;
}

async function look(check: Check, patient: Patient): Promise<readonly Finding[]> {
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
