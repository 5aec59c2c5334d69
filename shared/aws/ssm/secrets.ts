import { GetParameterCommand, ParameterNotFound, type SSMClient } from "@aws-sdk/client-ssm";
import type { Clock } from "../../ports/clock.ts";
import { type Secret, SecretMissing } from "../../ports/secret.ts";

/** So long a secret that was changed stays in use. */
const CACHE_MS = 300_000;

/**
 * A SecureString of Parameter Store, kept for five minutes. Reads at the same time make one call.
 * @param name the parameter's, such as `/timelatch/slack/bot-token`
 */
export function ssmSecret(client: SSMClient, name: string, clock: Clock): Secret {
  let kept: { readonly value: Promise<string>; readonly untilMs: number } | undefined;

  const fetched = async (): Promise<string> => {
    const parameter = await client
      .send(new GetParameterCommand({ Name: name, WithDecryption: true }))
      .catch((error: unknown) => {
        if (error instanceof ParameterNotFound) throw missing("missing");
        throw error;
      });
    // A line break at the end is easily stored along, and no header takes it.
    const value = parameter.Parameter?.Value?.trim();
    if (!value) throw missing("empty");
    return value;
  };
  const missing = (how: "missing" | "empty") =>
    new SecretMissing(`Parameter ${name} is ${how}. Nothing was sent; store the secret there.`);

  return {
    async read() {
      const nowMs = Date.parse(clock.now());
      if (!kept || nowMs >= kept.untilMs) kept = { value: fetched(), untilMs: nowMs + CACHE_MS };
      const reading = kept;
      try {
        return await reading.value;
      } catch (error) {
        if (kept === reading) kept = undefined;
        throw error;
      }
    },
    forget() {
      kept = undefined;
    },
  };
}
