/** The cover over a page whose console has ended: what it showed may no longer be true. */
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import { useEffect, useState } from "react";
import { token } from "../api/client.ts";
import { Instant } from "../parts/instant.tsx";

export function Over() {
  const [at] = useState(() => new Date().toISOString());
  useEffect(() => {
    document.title = "Ended – Timelatch";
    token.forget();
  }, []);
  return (
    <main className="alone">
      <Alert
        type="warning"
        header="This console has ended"
        action={<Button onClick={() => location.reload()}>Try again</Button>}
      >
        It ended before <Instant at={at} />. Run <code>timelatch console</code> again; it prints a
        new address. Nothing of what you hold has changed by that.
      </Alert>
    </main>
  );
}
