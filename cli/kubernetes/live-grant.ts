/** Whether access is lent on a cluster now, before Kubernetes says `Unauthorized` without a reason. */
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { RequestList } from "../../shared/http/contract/answers.ts";
import type { WhoAmIAnswer } from "../../shared/http/contract/who-am-i.ts";
import type { Api } from "../api/api-client.ts";
import { pages } from "../api/pages.ts";

/** How long kubectl waits for this. Without an answer, nothing is said. */
const PATIENCE_MS = 2_000;

/**
 * What somebody should know who has no access on the cluster; undefined where they have some, or where
 * nothing could be found out in time.
 *
 * @param cluster its name in `access.yaml`
 */
export async function missingGrant(
  api: () => Promise<Api>,
  cluster: string,
): Promise<string | undefined> {
  const late = new Promise<true>((resolve) => {
    setTimeout(() => resolve(true), PATIENCE_MS).unref();
  });
  const isLent = await Promise.race([isLentNow(api, cluster).catch(() => true), late]);
  if (isLent) return undefined;
  const name = visible(cluster);
  return `timelatch: No access is lent to you on ${name} now. Ask for it:\n  timelatch request -c ${name}\n`;
}

async function isLentNow(api: () => Promise<Api>, cluster: string): Promise<boolean> {
  const opened = await api();
  const { person } = await opened.send<WhoAmIAnswer>({ method: "GET", path: "/v1/whoami" });
  for await (const { requests } of pages<RequestList>(opened, "/v1/grants"))
    for (const request of requests)
      if (request.requester === person && request.cluster === cluster && request.state === "active")
        return true;
  return false;
}
