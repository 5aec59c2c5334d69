import { EKSClient } from "@aws-sdk/client-eks";
import { IAMClient } from "@aws-sdk/client-iam";
import { ONE_ATTEMPT } from "../calls/client-settings.ts";
import type { GrantorClients, GrantorSessions } from "./grantor-sessions.ts";

/** Makes every call under the function's own role, whatever session is named. */
export function ownSessions(): GrantorSessions {
  const clients = new Map<string, GrantorClients>();
  return async ({ cluster: { region } }, use) => {
    const settings = { ...ONE_ATTEMPT, region };
    const kept = clients.get(region) ?? {
      eks: new EKSClient(settings),
      iam: new IAMClient(settings),
    };
    clients.set(region, kept);
    return await use(kept);
  };
}
