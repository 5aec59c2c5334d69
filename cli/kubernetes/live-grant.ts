/** Whether access is lent on a cluster now, before Kubernetes says `Unauthorized` without a reason. */
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { RequestList } from "../../shared/http/contract/answers.ts";
import type { StoppedAnswer } from "../../shared/http/contract/stopped-answer.ts";
import type { WhoAmIAnswer } from "../../shared/http/contract/who-am-i.ts";
import type { Api } from "../api/api-client.ts";
import { pages } from "../api/pages.ts";
import { LIFT_DRAIN } from "../text/stopped-text.ts";

/** How long kubectl waits for this. Without an answer, nothing is said. */
const PATIENCE_MS = 2_000;

/** What somebody without access on a cluster should know. */
export interface Missing {
  readonly text: string;
  /** Whether to ask for access could help. */
  readonly canAsk: boolean;
}

/**
 * What somebody should know who has no access on the cluster; undefined where they have some, or where
 * nothing could be found out in time.
 *
 * @param cluster its name in `access.yaml`
 */
export async function missingGrant(
  api: () => Promise<Api>,
  cluster: string,
): Promise<Missing | undefined> {
  const late = new Promise<undefined>((resolve) => {
    setTimeout(() => resolve(undefined), PATIENCE_MS).unref();
  });
  return Promise.race([lookFor(api, cluster).catch(() => undefined), late]);
}

async function lookFor(api: () => Promise<Api>, cluster: string): Promise<Missing | undefined> {
  const opened = await api();
  const who = await opened.send<WhoAmIAnswer>({ method: "GET", path: "/v1/whoami" });
  if (await isLentNow(opened, who.person, cluster)) return undefined;
  const none = `timelatch: No access is lent to you on ${visible(cluster)} now.`;
  return who.stopped ? stopped(none, who.stopped) : notAsked(none, cluster);
}

async function isLentNow(api: Api, person: string, cluster: string): Promise<boolean> {
  for await (const { requests } of pages<RequestList>(api, "/v1/grants"))
    for (const request of requests)
      if (request.requester === person && request.cluster === cluster && request.state === "active")
        return true;
  return false;
}

const stopped = (none: string, { detail, mayLift }: StoppedAnswer): Missing => ({
  text: `${none}\n  ${visible(detail)}\n${mayLift ? `  ${LIFT_DRAIN}\n` : ""}`,
  canAsk: false,
});

const notAsked = (none: string, cluster: string): Missing => ({
  text: `${none} Ask for it:\n  timelatch request -c ${visible(cluster)}\n`,
  canAsk: true,
});
