/** The body that lets somebody else approve. Strict: an unknown member is an error. */
import * as z from "zod/mini";
import type { DelegationAsk } from "../../domain/policy/delegation-ask.ts";
import { instant, personName } from "./request-body.ts";

/** `POST /v1/delegations` */
export const delegationBody = () =>
  z.strictObject({
    to: personName().check(
      z.meta({ description: "A person of access.yaml, by name.", examples: ["erin"] }),
    ),
    from: z.optional(
      instant().check(z.meta({ description: "When it begins; left out, at once." })),
    ),
    until: instant().check(z.meta({ description: "When it is over." })),
  });

/** Reads the terms of a delegation from a body. */
export const delegationAskOf = ({
  to,
  from,
  until,
}: z.output<ReturnType<typeof delegationBody>>): DelegationAsk => ({
  to,
  from: from ?? null,
  until,
});
