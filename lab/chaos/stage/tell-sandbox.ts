const PATIENCE_MS = 10_000;

/** Changes how the sandbox misbehaves. @throws Error where the sandbox refused, or did not answer */
export async function tellSandbox(url: string, method: string, body?: object): Promise<void> {
  await called(url, method, body);
}

/** How the sandbox misbehaves. @throws Error where it did not answer */
export const askSandbox = async (url: string): Promise<unknown> =>
  JSON.parse(await called(url, "GET"));

async function called(url: string, method: string, body?: object): Promise<string> {
  const response = await fetch(url, {
    method,
    signal: AbortSignal.timeout(PATIENCE_MS),
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${text}`);
  return text;
}
