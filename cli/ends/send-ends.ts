/** Sends each end of a plan, one after the other, so that a stop in between can say how far it came. */
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import { sendChange } from "../changes/send-change.ts";
import { endOf } from "../commands/end.ts";
import { Failure } from "../failures/failure.ts";
import { progressLine } from "../terminal/progress.ts";
import type { Ending, RefusedEnd, SentEnds, TakenEnd } from "./ending.ts";
import { cutShort, stoppedSending } from "./ends-failure.ts";
import type { End } from "./plan-ends.ts";

/**
 * Each end is a transaction of its own over a whole chain of extensions. One that the API refuses does not
 * keep the next ones back. One without an answer does, since the API may be out of reach.
 *
 * @throws Failure that lists every end: after a signal, or where an answer is missing
 */
export async function sendEnds(ending: Ending): Promise<SentEnds> {
  const { context, plan } = ending;
  const taken: TakenEnd[] = [];
  const refused: RefusedEnd[] = [];
  const line = progressLine(context);
  try {
    for (const [at, end] of plan.ends.entries()) {
      line.show(`Ending ${at + 1} of ${plan.ends.length}`);
      try {
        taken.push({ end, answer: await sendEnd(ending, end) });
      } catch (error) {
        const failure = ofThis(error);
        const left = { taken, refused, end, unsent: plan.ends.slice(at + 1) };
        if (failure.code === "interrupted") throw stoppedSending(ending, failure, left);
        if (failure.exit === "unavailable" || failure.text.unsure === true)
          throw cutShort(ending, failure, left);
        refused.push({ end, failure });
      }
    }
  } finally {
    line.end();
  }
  return { taken, refused };
}

const sendEnd = ({ context, api, note }: Ending, { verb, request }: End): Promise<RequestAnswer> =>
  sendChange(context, api, endOf(verb, request.id, note, undefined));

function ofThis(error: unknown): Failure {
  if (error instanceof Failure) return error;
  throw error;
}

/**
 * Reads each request that had changed when its end came. Where it is over or ending by now, somebody else or its
 * own time was first, and it counts as ended.
 */
export async function readOvertaken(
  { api }: Pick<Ending, "api">,
  refused: readonly RefusedEnd[],
): Promise<readonly RequestAnswer[]> {
  const changed = refused.filter(({ failure }) => failure.exit === "conflict");
  const read = changed.map(({ end: { request } }) =>
    api
      .send<RequestAnswer>({ method: "GET", path: `/v1/requests/${request.id}` })
      .catch(() => undefined),
  );
  return (await Promise.all(read)).flatMap((each) => (each && !OPEN.has(each.state) ? each : []));
}

const OPEN: ReadonlySet<RequestAnswer["state"]> = new Set(["pending", "approved", "active"]);
