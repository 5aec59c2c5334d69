import { vi } from "vitest";
import type { BrokerAccount } from "../../lab/sandbox/stack/broker-account.ts";

/** Has the clients of this process sign as somebody of the sandbox. */
export function signAs(account: BrokerAccount, person: string): void {
  const { accessKeyId, secretAccessKey, sessionToken } = account.personKeys(person);
  vi.stubEnv("AWS_ACCESS_KEY_ID", accessKeyId);
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", secretAccessKey);
  vi.stubEnv("AWS_SESSION_TOKEN", sessionToken);
}
