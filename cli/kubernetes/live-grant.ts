/** Whether access is there on a cluster now, before Kubernetes says `Unauthorized` without a reason. */
import { STANDING_ACCESS } from "../../shared/domain/requests/end-text.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type {
  EffectiveAccessAnswer,
  PersonAccessAnswer,
} from "../../shared/http/contract/person-access-answer.ts";
import type { StoppedAnswer } from "../../shared/http/contract/stopped-answer.ts";
import type { WhoAmIAnswer } from "../../shared/http/contract/who-am-i.ts";
import type { Api } from "../api/api-client.ts";
import { readPersonAccess } from "../api/person-access.ts";
import { waitsText } from "../text/blocks-text.ts";
import { whatText, whenText } from "../text/person-access-text.ts";
import { LIFT_DRAIN } from "../text/stopped-text.ts";

/** How long kubectl waits for this. Without an answer, nothing is said. */
const PATIENCE_MS = 2_000;

/** The notice for somebody without access on a cluster. */
export interface Missing {
  readonly text: string;
  /** Whether to ask for access could help. */
  readonly canAsk: boolean;
}

/**
 * The notice for somebody without access on the cluster. Undefined where access is there, by a
 * grant or at the last reading, and where time ran out.
 *
 * @param cluster its name in `access.yaml`
 */
export async function missingGrant(
  api: () => Promise<Api>,
  cluster: string,
  now: string,
): Promise<Missing | undefined> {
  const late = new Promise<undefined>((resolve) => {
    setTimeout(() => resolve(undefined), PATIENCE_MS).unref();
  });
  return Promise.race([lookFor(api, cluster, now).catch(() => undefined), late]);
}

async function lookFor(
  api: () => Promise<Api>,
  cluster: string,
  now: string,
): Promise<Missing | undefined> {
  const opened = await api();
  const who = await opened.send<WhoAmIAnswer>({ method: "GET", path: "/v1/whoami" });
  const found = await readPersonAccess(opened, who.person, cluster);
  return missingFrom(found, who.stopped, cluster, now);
}

function missingFrom(
  { access, waiting = [] }: Pick<PersonAccessAnswer, "access"> & Partial<PersonAccessAnswer>,
  stop: StoppedAnswer | undefined,
  cluster: string,
  now: string,
): Missing | undefined {
  const inState = (state: EffectiveAccessAnswer["state"]) =>
    access.find((each) => each.state === state);
  const none = `timelatch: No access is lent to you on ${visible(cluster)} now.`;
  const there = inState("there");
  const isStanding = access.some(({ by }) => by === STANDING_ACCESS);
  if (there && (!stop || isStanding)) return undefined;
  const ends = `timelatch: Your grants on ${visible(cluster)} are being ended.`;
  if (stop) return stopped(there ? ends : none, stop);
  const [soon, later, ending] = [inState("may-be-there"), inState("coming"), inState("ending")];
  const [asked] = waiting;
  if (soon)
    return known(
      `${none} ${whatText(soon)} is approved, and will be active in a few seconds.`,
      soon.by,
    );
  if (later)
    return known(`${none} ${whatText(later)} is approved ${whenText(later, now)}.`, later.by);
  if (asked) return known(`${none} Your request ${waitsText(asked, now)}.`, asked.id);
  const gone = ending ? ` ${whatText(ending)} is being removed: ${whenText(ending, now)}.` : "";
  return notAsked(`${none}${gone}`, cluster);
}

const stopped = (none: string, { detail, mayLift }: StoppedAnswer): Missing => ({
  text: `${none}\n  ${visible(detail)}\n${mayLift ? `  ${LIFT_DRAIN}\n` : ""}`,
  canAsk: false,
});

/** @param id of the request; null for one of somebody else, through a principal that both may use */
const known = (text: string, id: string | null): Missing => ({
  text: `${text}\n${id === null ? "" : `  timelatch show ${visible(id)}\n`}`,
  canAsk: false,
});

const notAsked = (none: string, cluster: string): Missing => ({
  text: `${none} Ask for it:\n  timelatch request -c ${visible(cluster)}\n`,
  canAsk: true,
});
