const PATIENCE_MS = 10_000;

/** Changes how the sandbox misbehaves. @throws Error where the sandbox refused, or did not answer */
export async function tellSandbox(url: string, method: string, body?: object): Promise<void> {
  const response = await fetch(url, {
    method,
    signal: AbortSignal.timeout(PATIENCE_MS),
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${text}`);
}
