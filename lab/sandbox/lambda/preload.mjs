/**
 * Loaded before AWS's runtime interface client (`node --import`): gives it the sandbox's client
 * where it asks for its native one. With `?compiled=FOLDER` behind its address, Node.js keeps there what it compiled.
 */
import { enableCompileCache, registerHooks } from "node:module";

const STAND_IN = new URL("./native-client.mjs", import.meta.url).href;

const compiled = new URL(import.meta.url).searchParams.get("compiled");
if (compiled !== null) enableCompileCache(compiled);

registerHooks({
  resolve: (specifier, context, nextResolve) =>
    specifier === "./rapid-client.node"
      ? { url: STAND_IN, format: "module", shortCircuit: true }
      : nextResolve(specifier, context),
});
