import type { HttpAnswer } from "./answer.ts";

/** The gateway answers a call by itself, and the function does not see it. */
export class GatewayRefusal extends Error {
  override readonly name = "GatewayRefusal";
  readonly answer: HttpAnswer;
  constructor(answer: HttpAnswer) {
    super(`The gateway answered ${answer.status}.`);
    this.answer = answer;
  }
}
