/**
 * Stands in for the native part of AWS's runtime interface client (`rapid-client.node`, libcurl
 * over the Lambda Runtime API). It has the same functions over node:http, so that the sandbox needs
 * no compiler. Runs inside a function's process. Plain JavaScript, like `preload.mjs`: stripping
 * types would more than double a function's cold start.
 */
import { Agent, request } from "node:http";
import { flushCompileCache } from "node:module";

const [hostname, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

const call = (method, path, body, headers = {}) =>
  new Promise((resolve, reject) => {
    const sent = request(
      { hostname, port, agent, method, headers, path: `/2018-06-01/runtime/${path}` },
      (response) => {
        let bodyJson = "";
        response.setEncoding("utf8");
        response.on("data", (chunk) => {
          bodyJson += chunk;
        });
        response.on("end", () => resolve({ bodyJson, headers: response.headers }));
        response.on("error", reject);
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });

/** The answer under way. The native client posts synchronously; here, the next event waits for it. */
let posted = Promise.resolve();

/** Waits for the next event. Rejects once the sandbox is gone, which ends the process. */
export const next = () => posted.then(() => call("GET", "invocation/next"));

let isKept = false;

/** Keeps the code that the first event needed. The sandbox kills the process, so that its end keeps nothing. */
function keepCompiled() {
  if (isKept) return;
  isKept = true;
  flushCompileCache();
}

export const done = (requestId, body) => {
  posted = call("POST", `invocation/${requestId}/response`, body);
  posted.then(keepCompiled, () => undefined);
};

export const error = (requestId, body, xrayCause) => {
  posted = call("POST", `invocation/${requestId}/error`, body, {
    "lambda-runtime-function-xray-error-cause": xrayCause,
  });
};
