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
        if (failure.exit === "unavailable" || failure.telling.unsure === true)
          throw cutShort(ending, failure, left);
        const overtaken = await ifOver(ending, failure, end);
        if (overtaken) taken.push({ end, answer: overtaken });
        else refused.push({ end, failure });
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

/** The request, where its end came first: by its own time, or by somebody else. */
async function ifOver(
  { api }: Ending,
  failure: Failure,
  { request: { id } }: End,
): Promise<RequestAnswer | undefined> {
  if (failure.exit !== "conflict") return undefined;
  const now = await api
    .send<RequestAnswer>({ method: "GET", path: `/v1/requests/${id}` })
    .catch(() => undefined);
  return now && !OPEN.has(now.state) ? now : undefined;
}

const OPEN: ReadonlySet<RequestAnswer["state"]> = new Set(["pending", "approved", "active"]);
