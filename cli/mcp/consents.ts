/** Asks the user at their client. A click there is no approval: it only lets the agent ask. */
import { createHash, randomBytes, randomUUID } from "node:crypto";
import {
  createRequestStateCodec,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { canonicalJson } from "../../shared/domain/values/canonical-json.ts";
import { Failure } from "../failures/failure.ts";

/** A question and its answer count for ten minutes. */
const LIVES_SECONDS = 600;

/** The state of a question, which comes back by way of the client. */
interface Question {
  readonly nonce: string;
  readonly subject: string;
}

const ANSWER = "agree";

/**
 * The state of a question is sealed by a key of this process, and holds for one method, one subject
 * and one use: the client could change it, or send it twice.
 */
export class Consents {
  readonly #codec = createRequestStateCodec<Question>({
    key: randomBytes(32),
    ttlSeconds: LIVES_SECONDS,
    bind: ({ mcpReq }) => mcpReq.method,
  });
  /** By nonce, when it would no longer count anyway. Milliseconds. */
  readonly #used = new Map<string, number>();

  readonly verify = (state: string, context: ServerContext): Promise<Question> =>
    this.#codec.verify(state, context);

  /**
   * @param subject what the user agrees to, all of it
   * @returns a question for the client, or whether the user agreed
   * @throws Failure `consent-differs` for an answer about something else, `consent-used` for a second use
   */
  async of(
    context: ServerContext,
    subject: unknown,
    message: string,
  ): Promise<InputRequiredResult | "agreed" | "declined"> {
    const hash = createHash("sha256").update(canonicalJson(subject)).digest("hex");
    const asked = context.mcpReq.requestState<Question>();
    if (asked === undefined) {
      const question = { nonce: randomUUID(), subject: hash };
      const requestedSchema = { type: "object", properties: {} } as const;
      return inputRequired({
        inputRequests: { [ANSWER]: inputRequired.elicit({ message, requestedSchema }) },
        requestState: await this.#codec.mint(question, context),
      });
    }
    if (asked.subject !== hash) throw differs();
    this.#use(asked.nonce);
    const answer = inputResponse(context.mcpReq.inputResponses, ANSWER);
    return answer.kind === "elicit" && answer.action === "accept" ? "agreed" : "declined";
  }

  #use(nonce: string): void {
    const now = Date.now();
    for (const [each, until] of this.#used) if (until < now) this.#used.delete(each);
    if (this.#used.has(nonce)) throw used();
    this.#used.set(nonce, now + LIVES_SECONDS * 1_000);
  }
}

const differs = () =>
  new Failure("refused", "consent-differs", {
    what: "The user was asked about other terms.",
    notDone: "Nothing was requested.",
    next: ["Next: call request_access without requestState, so that they are asked again."],
  });

const used = () =>
  new Failure("refused", "consent-used", {
    what: "The user's answer was used before, and counts once.",
    notDone: "Nothing was requested.",
    next: ["Next: call request_access without requestState, so that they are asked again."],
  });
