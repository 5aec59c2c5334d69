import { ParameterNotFound, type SSMClient } from "@aws-sdk/client-ssm";
import { describe, expect, it } from "vitest";
import { fixedClock } from "../../../../lab/fakes/fixed-clock.ts";
import { ssmSecret } from "../../../../shared/aws/ssm/secrets.ts";
import { SecretMissing } from "../../../../shared/ports/secret.ts";

const NAME = "/timelatch/slack/bot-token";

/** A Parameter Store that holds one value, which tests change. */
function store() {
  const state = { value: "xoxb-1" as string | Error, reads: 0 };
  const client = {
    send: async ({ input }: { readonly input: object }) => {
      state.reads += 1;
      expect(input).toEqual({ Name: NAME, WithDecryption: true });
      if (state.value instanceof Error) throw state.value;
      return { Parameter: { Value: state.value } };
    },
  } as unknown as SSMClient;
  const clock = fixedClock();
  return { state, clock, secret: ssmSecret(client, NAME, clock) };
}

describe("a secret of Parameter Store", () => {
  it("A secret is kept for five minutes, and then read again", async () => {
    const { state, clock, secret } = store();
    expect(await secret.read()).toBe("xoxb-1");
    state.value = "xoxb-2";
    clock.advance(299);
    expect(await secret.read()).toBe("xoxb-1");
    clock.advance(1);
    expect(await secret.read()).toBe("xoxb-2");
    expect(state.reads).toBe(2);
  });

  it("A secret is read once for all who ask at the same time", async () => {
    const { state, secret } = store();
    await Promise.all([secret.read(), secret.read()]);
    expect(state.reads).toBe(1);
  });

  it("A secret is read again after a service refused it", async () => {
    const { state, secret } = store();
    await secret.read();
    state.value = "xoxb-2";
    secret.forget();
    expect(await secret.read()).toBe("xoxb-2");
  });

  it("A secret that cannot be read is requested again by the next read", async () => {
    const { state, secret } = store();
    state.value = new Error("throttled");
    await expect(secret.read()).rejects.toThrow("throttled");
    state.value = "xoxb-1\n";
    expect(await secret.read()).toBe("xoxb-1");
  });

  it("The error for an empty secret names its parameter and what to do", async () => {
    const { state, secret } = store();
    state.value = "\n";
    const reading = secret.read();
    await expect(reading).rejects.toThrow(`Parameter ${NAME} is empty`);
    await expect(reading).rejects.toBeInstanceOf(SecretMissing);
  });

  it("A secret that nobody has stored is missing, and is read once somebody stores it", async () => {
    const { state, secret } = store();
    state.value = new ParameterNotFound({ message: "", $metadata: {} });
    await expect(secret.read()).rejects.toBeInstanceOf(SecretMissing);
    state.value = "xoxb-1";
    expect(await secret.read()).toBe("xoxb-1");
  });
});
