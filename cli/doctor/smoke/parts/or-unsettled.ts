import { Failure } from "../../../failures/failure.ts";
import { Unread } from "../../sights.ts";
import { type Fact, unsettled } from "../fact.ts";
import { named, redactable } from "../report/redactable.ts";
import type { FactName } from "../settled-facts.ts";

/** A look that fails does not keep the others of its part from looking. */
export async function orUnsettled(
  fact: FactName,
  look: () => Promise<readonly Fact[]>,
): Promise<readonly Fact[]> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof Unread || error instanceof Failure)) throw error;
    return [
      unsettled(
        fact,
        redactable`it could not be read: ${named("error", error.code)}`,
        redactable`use credentials that may: timelatch docs smoke-policy`,
      ),
    ];
  }
}
