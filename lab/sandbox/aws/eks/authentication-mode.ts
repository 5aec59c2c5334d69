import { invalidParameter } from "./errors.ts";
import { type Input, text } from "./input.ts";
import type { AuthenticationMode } from "./state.ts";

/** From where a cluster may go where: forward, one step at a time, never back. */
const NEXT_MODE: Readonly<Record<AuthenticationMode, AuthenticationMode | undefined>> = {
  CONFIG_MAP: "API_AND_CONFIG_MAP",
  API_AND_CONFIG_MAP: "API",
  API: undefined,
};

/** The `authenticationMode` of an accessConfig. Throws InvalidParameterException; the text is ours. */
export function authenticationMode(accessConfig: Input): AuthenticationMode | undefined {
  const mode = text(accessConfig, "authenticationMode");
  if (mode === undefined || isMode(mode)) return mode;
  throw invalidParameter(
    `authenticationMode must be one of [${Object.keys(NEXT_MODE).sort().join(", ")}]`,
  );
}

function isMode(mode: string): mode is AuthenticationMode {
  return Object.hasOwn(NEXT_MODE, mode);
}

/** Throws InvalidParameterException for every change but the one step forward. */
export function requireModeStep(from: AuthenticationMode, to: AuthenticationMode): void {
  if (NEXT_MODE[from] !== to) {
    throw invalidParameter(`Unsupported authentication mode update from ${from} to ${to}`);
  }
}
