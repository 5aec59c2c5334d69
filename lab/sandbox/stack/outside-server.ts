/** The emulated services that say who is on call, with the tokens that are in Parameter Store. */
import { createServer, type Server } from "node:http";
import { outsidePort } from "../outside/port.ts";
import type { Logs } from "../process/logs.ts";
import { homeOf } from "../process/place-stores.ts";
import type { SandboxState } from "../process/state.ts";
import { OUTSIDE_TOKENS } from "../world/outside-tokens.ts";

export interface OutsideServerOptions {
  readonly state: SandboxState;
  readonly logs: Logs;
  /** The server's own address. */
  readonly outsideUrl: string;
}

export function outsideServer({ state, logs, outsideUrl }: OutsideServerOptions): Server {
  const keep = logs.open("outside-calls");
  return createServer(
    outsidePort({
      store: state.outside,
      outsideUrl,
      // Read at each call, so that an operator's change counts at once.
      token: (service) => homeOf(state).ssm.state.parameters[OUTSIDE_TOKENS[service]]?.value,
      onCall: (call) => keep(JSON.stringify(call)),
    }),
  );
}
