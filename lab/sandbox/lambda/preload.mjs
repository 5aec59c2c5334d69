/**
 * Loaded before AWS's runtime interface client (`node --import`): gives it the sandbox's client
 * where it asks for its native one.
 */
import { registerHooks } from "node:module";

const STAND_IN = new URL("./native-client.mjs", import.meta.url).href;

registerHooks({
  resolve: (specifier, context, nextResolve) =>
    specifier === "./rapid-client.node"
      ? { url: STAND_IN, format: "module", shortCircuit: true }
      : nextResolve(specifier, context),
});
