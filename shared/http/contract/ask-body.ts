import * as z from "zod/mini";
import { MOST_PARTS } from "../../domain/policy/asked-together.ts";
import { type DurationSettings, requestBody } from "./request-body.ts";

/** `POST /v1/asks` */
export const askBody = (settings: DurationSettings) =>
  z.strictObject({
    requests: z
      .array(requestBody(settings))
      .check(
        z.minLength(2, "Ask for two things at least, or for one with POST /v1/requests."),
        z.maxLength(MOST_PARTS, `Ask for at most ${MOST_PARTS} things at once.`),
        z.meta({ description: "Each is a request of its own afterwards. No break-glass." }),
      ),
  });
