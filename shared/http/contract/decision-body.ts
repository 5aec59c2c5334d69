/** The body of a decision. Strict: an unknown member is an error. */
import * as z from "zod/mini";
import type { CounterOffer } from "../../domain/requests/counter-offer.ts";
import type { Decision } from "../../domain/requests/decision.ts";
import {
  type DurationSettings,
  durationText,
  namespaceNames,
  personName,
  reasonText,
} from "./request-body.ts";

const decided = () => ({
  digest: z.string().check(z.regex(/^[0-9a-f]{64}$/, "Send the digest of the request you read.")),
  note: z.optional(reasonText()),
  onBehalfOf: z.optional(
    personName().check(
      z.meta({
        description:
          "The delegator for whom you decide. Left out, whoever's place is open: yourself first.",
        examples: ["bob"],
      }),
    ),
  ),
});

/** `POST /v1/requests/{id}/decision` */
export const decisionBody = (settings: DurationSettings) =>
  z.discriminatedUnion("verdict", [
    z.strictObject({
      verdict: z.literal("approve"),
      ...decided(),
      less: z.optional(
        z
          .strictObject({
            duration: z.optional(
              durationText(settings, "What remains of the duration; left out, all of it."),
            ),
            namespaces: z.optional(
              namespaceNames().check(
                z.meta({ description: "What remains of the namespaces; left out, all of them." }),
              ),
            ),
          })
          .check(
            z.refine(
              ({ duration, namespaces }) => duration !== undefined || namespaces !== undefined,
              "Name a shorter duration, or the namespaces that remain.",
            ),
            z.meta({ description: "Approves for less than was asked for, under a new digest." }),
          ),
      ),
    }),
    z.strictObject({ verdict: z.literal("deny"), ...decided() }),
  ]);

/** The decision in a body. */
export function decisionOf(body: z.output<ReturnType<typeof decisionBody>>): Decision {
  const { digest, note, onBehalfOf } = body;
  const common = {
    digest,
    ...(note === undefined ? {} : { note }),
    ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
  };
  if (body.verdict === "deny") return { verdict: "deny", ...common };
  const { less } = body;
  return { verdict: "approve", ...common, ...(less ? { less: offerOf(less) } : {}) };
}

const offerOf = ({ duration, namespaces }: OfferBody): CounterOffer => ({
  ...(duration === undefined ? {} : { durationSeconds: duration }),
  ...(namespaces === undefined ? {} : { namespaces }),
});

interface OfferBody {
  readonly duration?: number | undefined;
  readonly namespaces?: readonly string[] | undefined;
}
