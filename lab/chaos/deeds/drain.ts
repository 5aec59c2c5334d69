/** An administrator drains the broker before tables are restored, and another one lifts that. */
import { setTimeout as pause } from "node:timers/promises";
import type { RequestList } from "../../../shared/http/contract/answers.ts";
import { callApi } from "../stage/person.ts";
import type { Stage } from "../stage/stage.ts";

/** Nobody takes their roles away at the same time: `lab/chaos/plan/other-verbs.ts` does that to carol's. */
const DRAINS = "heidi";
const LIFTS = "carol";
const AUDITOR = "dave";

/** Grants end within some seconds, unless a fault holds them up. */
const PATIENCE_MS = 60_000;
const EVERY_MS = 1_000;

type Addressed = Pick<Stage, "addresses">;

/** The API's answers, and when nothing was lent any more: undefined where something still was. */
export interface Drained {
  readonly answer: string;
  readonly at?: number;
}

/** Drains, and waits until `GET /v1/grants` lists nothing. */
export async function drain({ addresses }: Addressed): Promise<Drained> {
  const body = { reason: "INC-4711 tables are restored" };
  const answer = await callApi(addresses, DRAINS, "POST", "/v1/drain", body);
  if (answer.status !== 200) return { answer: answer.text };
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await pause(EVERY_MS)) {
    const listed = await callApi(addresses, AUDITOR, "GET", "/v1/grants");
    const { requests } = (listed.body ?? {}) as Partial<RequestList>;
    if (listed.status === 200 && requests?.length === 0)
      return { answer: answer.text, at: Date.now() };
  }
  return { answer: answer.text };
}

/** Lifts it. The machine is disturbed, so this is repeated until the API says that it is done. */
export async function lift({ addresses }: Addressed): Promise<string> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const { status, text } = await callApi(addresses, LIFTS, "DELETE", "/v1/drain");
    // An answer may have been lost: then nothing is drained any more.
    if (status === 200 || status === 409 || Date.now() > end) return text;
    await pause(EVERY_MS);
  }
}
