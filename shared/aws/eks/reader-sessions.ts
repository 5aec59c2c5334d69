import { EKSClient } from "@aws-sdk/client-eks";
import { IAMClient } from "@aws-sdk/client-iam";
import { ONE_ATTEMPT } from "../calls/client-settings.ts";
import type { RemoteCredentials } from "../calls/remote-credentials.ts";
import type { GrantorClients, GrantorSessions } from "./grantor-sessions.ts";

/**
 * Makes every call under the function's own role, or in another account under the role that reads there, whatever session
 * is named.
 */
export function readerSessions(credentialsIn: RemoteCredentials): GrantorSessions {
  const clients = new Map<string, GrantorClients>();
  return async ({ cluster }, use) => {
    const { account, region } = cluster;
    const place = `${account}/${region}`;
    const kept = clients.get(place) ?? clientsOf(region, credentialsIn(cluster));
    clients.set(place, kept);
    return await use(kept);
  };
}

function clientsOf(region: string, credentials: ReturnType<RemoteCredentials>): GrantorClients {
  const settings = { ...ONE_ATTEMPT, region, ...(credentials ? { credentials } : {}) };
  return { eks: new EKSClient(settings), iam: new IAMClient(settings) };
}
