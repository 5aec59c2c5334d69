/** The person whose access a command ends, chosen among people who have any. */
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { RequestSummary } from "../../shared/http/contract/answers.ts";
import type { Context } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import { chooseOne } from "./choose.ts";

interface Holder {
  readonly person: string;
  readonly requests: number;
}

/** @param requests that are open @throws Failure `notFound` where nobody has any */
export async function whosePerson(
  context: Context,
  requests: readonly RequestSummary[],
): Promise<string> {
  const names = [...new Set(requests.map(({ requester }) => requester))].toSorted();
  if (names.length === 0)
    throw new Failure("notFound", "nobody-holds-access", {
      what: "No request that you may see is open.",
      notDone: "Nothing was done.",
      next: ["Next: see what somebody can do with timelatch status <person>."],
    });
  const options = names.map((person): Holder => {
    const requested = requests.filter(({ requester }) => requester === person);
    return { person, requests: new Set(requested.map(({ id }) => id)).size };
  });
  const prompt = context.prompt();
  try {
    const { person } = await chooseOne(prompt, context.screen.err, {
      what: "Person",
      options,
      nameOf: (holder) => holder.person,
      columns: [
        { title: "WHO", text: (holder) => visible(holder.person) },
        { title: "OPEN", text: (holder) => String(holder.requests) },
      ],
    });
    return person;
  } finally {
    prompt.close();
  }
}
