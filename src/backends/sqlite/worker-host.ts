import type { FileSession } from "./connection.ts";
import type { OpenOptions } from "./session.ts";

export class WorkerHost {
  open(_options: OpenOptions): FileSession {
    throw new Error("not yet");
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}
